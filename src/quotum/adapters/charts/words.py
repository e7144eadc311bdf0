"""Every word of the charts, in the languages that are spoken: titles, axes, legends, reasons and levels."""

from __future__ import annotations

from collections.abc import Mapping

from quotum.adapters.printing.review_tables import DRIVER_WORDS

ENGLISH = "en"
_WORDS: dict[str, dict[str, str]] = {
    ENGLISH: {
        "company": "Company", "bullets": "Where everybody stands: {measure}, {level}", "of_target": "Of the target",
        "about_bullets": "Bar: actual. Tick: due by now. Line: range of the outlook. {as_of}",
        "pace": "{who}: {measure} against the plan, {level}",
        "about_pace": "Running totals; shaded: 80 of 100 simulated ends lie in it. {as_of}",
        "plan": "Plan", "actual": "Actual", "outlook": "Outlook",
        "waterfall": "{who}: from what is due to what came, {measure}", "about_waterfall": "{level} on {as_of}",
        "about_waterfall_cut": "{level} on {as_of}; the axis does not begin at 0", "due": "Due by now",
        "heat_map": "Pace by month: {measure}, {level}",
        "about_heat_map": "Actual ÷ plan of the month, whole months up to {as_of}", "pace_of_month": "Actual ÷ plan",
        "month": "Month",
        "commit": "commit", "stretch": "stretch", **DRIVER_WORDS,
        "measure_revenue": "revenue", "measure_units": "units", "measure_gross_profit": "gross profit",
    },
    "zh-hans": {
        "company": "公司", "bullets": "各人进度：{measure}，{level}", "of_target": "占目标",
        "about_bullets": "横条：实际；短线：目前应达；细线：预测区间。{as_of}",
        "pace": "{who}：{measure}对照计划，{level}",
        "about_pace": "累计值；阴影：100 次模拟中有 80 次落在其中。{as_of}",
        "plan": "计划", "actual": "实际", "outlook": "预测",
        "waterfall": "{who}：从应达到实际，{measure}", "about_waterfall": "{level}，{as_of}",
        "about_waterfall_cut": "{level}，{as_of}；横轴不从 0 开始", "due": "目前应达",
        "heat_map": "各月进度：{measure}，{level}", "about_heat_map": "实际 ÷ 当月计划，截至 {as_of} 的完整月份",
        "pace_of_month": "实际 ÷ 计划",
        "month": "月份", "commit": "必达", "stretch": "奋斗",
        "lost_customers": "流失客户", "new_customers": "新客户", "won_back": "赢回客户", "not_planned": "计划外",
        "returns": "退货", "activity": "电话与拜访", "conversion": "每次联系的订单", "orders": "订单数",
        "order_size": "单笔金额", "mix": "产品结构", "price": "价格", "margin": "单件毛利", "unexplained": "未说明",
        "numerator": "分子", "denominator": "分母",
        "measure_revenue": "销售额", "measure_units": "销量", "measure_gross_profit": "毛利",
    },
    "zh-hant": {
        "company": "公司", "bullets": "各人進度：{measure}，{level}", "of_target": "佔目標",
        "about_bullets": "橫條：實際；短線：目前應達；細線：預測區間。{as_of}",
        "pace": "{who}：{measure}對照計畫，{level}",
        "about_pace": "累計值；陰影：100 次模擬中有 80 次落在其中。{as_of}",
        "plan": "計畫", "actual": "實際", "outlook": "預測",
        "waterfall": "{who}：從應達到實際，{measure}", "about_waterfall": "{level}，{as_of}",
        "about_waterfall_cut": "{level}，{as_of}；橫軸不從 0 開始", "due": "目前應達",
        "heat_map": "各月進度：{measure}，{level}", "about_heat_map": "實際 ÷ 當月計畫，截至 {as_of} 的完整月份",
        "pace_of_month": "實際 ÷ 計畫",
        "month": "月份", "commit": "必達", "stretch": "奮鬥",
        "lost_customers": "流失客戶", "new_customers": "新客戶", "won_back": "贏回客戶", "not_planned": "計畫外",
        "returns": "退貨", "activity": "電話與拜訪", "conversion": "每次聯繫的訂單", "orders": "訂單數",
        "order_size": "單筆金額", "mix": "產品結構", "price": "價格", "margin": "單件毛利", "unexplained": "未說明",
        "numerator": "分子", "denominator": "分母",
        "measure_revenue": "銷售額", "measure_units": "銷量", "measure_gross_profit": "毛利",
    },
    "es": {
        "company": "Empresa", "bullets": "Cómo va cada uno: {measure}, {level}", "of_target": "Del objetivo",
        "about_bullets": "Barra: real. Marca: debido hasta ahora. Línea: rango de la previsión. {as_of}",
        "pace": "{who}: {measure} frente al plan, {level}",
        "about_pace": "Totales acumulados; sombreado: contiene 80 de cada 100 finales simulados. {as_of}",
        "plan": "Plan", "actual": "Real", "outlook": "Previsión",
        "waterfall": "{who}: de lo debido a lo real, {measure}", "about_waterfall": "{level}, {as_of}",
        "about_waterfall_cut": "{level}, {as_of}; el eje no empieza en 0", "due": "Debido hasta ahora",
        "heat_map": "Ritmo por mes: {measure}, {level}",
        "about_heat_map": "Real ÷ plan del mes, meses completos hasta {as_of}", "pace_of_month": "Real ÷ plan",
        "month": "Mes",
        "commit": "compromiso", "stretch": "aspiración",
        "lost_customers": "clientes perdidos", "new_customers": "clientes nuevos", "won_back": "recuperados",
        "not_planned": "no previsto", "returns": "devoluciones", "activity": "llamadas y visitas",
        "conversion": "pedidos por contacto", "orders": "pedidos", "order_size": "tamaño del pedido",
        "mix": "mezcla", "price": "precio", "margin": "margen por pieza", "unexplained": "sin explicar",
        "numerator": "numerador", "denominator": "denominador",
        "measure_revenue": "ingresos", "measure_units": "unidades vendidas", "measure_gross_profit": "beneficio bruto",
    },
}  # fmt: skip
LANGUAGES = tuple(_WORDS)


def words_in(language: str) -> Mapping[str, str]:
    """Return the words of a language, those of English where it is not spoken."""
    return _WORDS.get(language, _WORDS[ENGLISH])


def word_measure(measure: str, words: Mapping[str, str]) -> str:
    """Return what a built-in measure is called; a company's own by its name."""
    return words.get(f"measure_{measure}", measure)
