"""Small word lists in Chinese, Spanish and English, and names made of them. All names are invented."""

# ruff: noqa: SIM905 - words in a row are easier to read and to add to than lists of quoted ones

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

COMPANY = "恒光家居 Hengguang Home"

SURNAMES = "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 欧阳".split()
GIVEN = "伟 芳 娜 敏 静 丽 强 磊 军 洋 艳 勇 杰 娟 涛 明 超 秀兰 建国 文博 雨桐 子涵 思远 晓燕 志强 海峰".split()
FIRST_EN = "Alice Ben Clara David Emma Frank Grace Henry Iris Jack Kate Leo Mary Noah Olive Peter Rose Sam".split()
LAST_EN = "Archer Bishop Carver Dale Ellis Fisher Grant Hayes Irving Keane Lowell Marsh O'Neil Parker Reed".split()
FIRST_ES = "Ana Bruno Carmen Diego Elena Fermín Gloria Hugo Inés José Lucía Martín Nuria Óscar Pilar Raúl Sofía".split()
LAST_ES = "Álvarez Benítez Castro Domínguez Espinosa Fuentes García Ibáñez León Muñoz Núñez Ortega Peña Ríos".split()

FIRM_ZH = "恒通 鑫源 佳美 百顺 华丰 同创 瑞达 金桥 盛世 宏图 安居 永和 东升 天成 万家 新悦".split()
TRADE_ZH = "商贸有限公司 家居馆 五金店 百货 超市 电器行 生活馆 批发部".split()
FIRM_EN = "Harbor Maple Summit Bluebird Lantern Orchard Riverside Anchor Cobalt Willow Beacon Copper Juniper".split()
TRADE_EN = "Trading Ltd|Home Store|Supplies|& Sons|Hardware|Living|Wholesale|Depot".split("|")
FIRM_ES = "Sol Luna Olivo Cumbre Naranjo Mirador Puente Faro Encina Ribera Estrella Molino".split()
TRADE_ES = "Comercial|Distribuciones|Almacenes|Casa|Ferretería|Suministros|Hogar".split("|")


class City(NamedTuple):
    """A city: its names and about where it lies."""

    name: str
    latin: str
    lat: float
    lon: float


class Region(NamedTuple):
    """A part of the country with its sales region's name and eight cities."""

    name: str
    unit_name: str
    cities: tuple[City, ...]


def _cities(text: str) -> tuple[City, ...]:
    parts = [line.split() for line in text.strip().split(";")]
    return tuple(City(name, latin, float(lat), float(lon)) for name, latin, lat, lon in parts)


REGIONS = (
    Region("山东", "山东大区", _cities(
        "济南 Jinan 36.65 117.12; 青岛 Qingdao 36.07 120.38; 烟台 Yantai 37.46 121.45; 潍坊 Weifang 36.71 119.16;"
        "临沂 Linyi 35.10 118.36; 淄博 Zibo 36.81 118.05; 济宁 Jining 35.41 116.59; 威海 Weihai 37.51 122.12")),
    Region("华东", "East Region", _cities(
        "上海 Shanghai 31.23 121.47; 杭州 Hangzhou 30.27 120.16; 南京 Nanjing 32.06 118.80; 苏州 Suzhou 31.30 120.58;"
        "宁波 Ningbo 29.87 121.55; 合肥 Hefei 31.82 117.23; 无锡 Wuxi 31.49 120.31; 温州 Wenzhou 28.00 120.70")),
    Region("华南", "Región Sur", _cities(
        "广州 Guangzhou 23.13 113.26; 深圳 Shenzhen 22.54 114.06; 东莞 Dongguan 23.02 113.75;"
        "佛山 Foshan 23.02 113.12; 南宁 Nanning 22.82 108.37; 海口 Haikou 20.04 110.32; 珠海 Zhuhai 22.27 113.58;"
        "桂林 Guilin 25.27 110.29")),
    Region("华北", "华北大区", _cities(
        "北京 Beijing 39.90 116.41; 天津 Tianjin 39.08 117.20; 石家庄 Shijiazhuang 38.04 114.51;"
        "太原 Taiyuan 37.87 112.55; 唐山 Tangshan 39.63 118.18; 保定 Baoding 38.87 115.46; 大同 Datong 40.08 113.30;"
        "呼和浩特 Hohhot 40.84 111.75")),
    Region("华中", "Central Region", _cities(
        "武汉 Wuhan 30.59 114.31; 长沙 Changsha 28.23 112.94; 郑州 Zhengzhou 34.75 113.63; 洛阳 Luoyang 34.62 112.45;"
        "宜昌 Yichang 30.69 111.29; 株洲 Zhuzhou 27.83 113.13; 襄阳 Xiangyang 32.01 112.12;"
        "开封 Kaifeng 34.80 114.31")),
    Region("西南", "Región Suroeste", _cities(
        "成都 Chengdu 30.57 104.07; 重庆 Chongqing 29.56 106.55; 昆明 Kunming 25.04 102.72; 贵阳 Guiyang 26.65 106.63;"
        "绵阳 Mianyang 31.47 104.68; 遵义 Zunyi 27.73 106.93; 大理 Dali 25.61 100.27; 宜宾 Yibin 28.75 104.64")),
    Region("东南", "东南大区", _cities(
        "福州 Fuzhou 26.07 119.30; 厦门 Xiamen 24.48 118.09; 泉州 Quanzhou 24.87 118.68; 南昌 Nanchang 28.68 115.86;"
        "赣州 Ganzhou 25.83 114.93; 漳州 Zhangzhou 24.51 117.65; 九江 Jiujiang 29.71 116.00;"
        "莆田 Putian 25.45 119.01")),
    Region("北方", "North Region", _cities(
        "沈阳 Shenyang 41.80 123.43; 大连 Dalian 38.91 121.61; 长春 Changchun 43.82 125.32; 哈尔滨 Harbin 45.80 126.53;"
        "西安 Xi'an 34.34 108.94; 兰州 Lanzhou 36.06 103.83; 银川 Yinchuan 38.49 106.23; 西宁 Xining 36.62 101.78")),
)  # fmt: skip


def keys(letter: str, count: int) -> pl.Series:
    """Return ``count`` keys such as P01, P02, …, as wide as the last one needs."""
    width = max(2, len(str(count)))
    return letter + pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(width)


def _pick(rng: np.random.Generator, words: list[str], count: int) -> pl.Series:
    return pl.Series(words)[rng.integers(0, len(words), count)]


def _by_language(languages: npt.NDArray[np.int64], zh: pl.Series, es: pl.Series, en: pl.Series) -> pl.Series:
    table = pl.DataFrame({"language": languages, "zh": zh, "es": es, "en": en})
    name = pl.when(pl.col("language") == 0).then("zh").when(pl.col("language") == 1).then("es").otherwise("en")
    return table.select(name.alias("name"))["name"]


def languages(rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    """Return 0 (Chinese, six of ten), 1 (Spanish) or 2 (English) for each of ``count`` names."""
    return np.searchsorted([0.6, 0.8], rng.random(count), side="right")


def person_names(rng: np.random.Generator, count: int) -> pl.Series:
    """Return the names of ``count`` people, in the three languages."""
    zh = _pick(rng, SURNAMES, count) + _pick(rng, GIVEN, count)
    es = _pick(rng, FIRST_ES, count) + " " + _pick(rng, LAST_ES, count) + " " + _pick(rng, LAST_ES, count)
    en = _pick(rng, FIRST_EN, count) + " " + _pick(rng, LAST_EN, count)
    return _by_language(languages(rng, count), zh, es, en)


def customer_names(rng: np.random.Generator, city: pl.Series) -> pl.Series:
    """Return a shop's or firm's name for each customer; ``city`` is the Chinese name of the customer's city."""
    count = len(city)
    zh = city + _pick(rng, FIRM_ZH, count) + _pick(rng, TRADE_ZH, count)
    es = _pick(rng, TRADE_ES, count) + " " + _pick(rng, FIRM_ES, count)
    en = _pick(rng, FIRM_EN, count) + " " + _pick(rng, TRADE_EN, count)
    return _by_language(languages(rng, count), zh, es, en)
