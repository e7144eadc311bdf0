// Amounts come as whole numbers of the smallest unit (below 2^53) and are made text without leaving whole numbers.

// "1234567" of 2 decimals -> "12345.67", with the decimal mark of the reader: what is edited and copied.
export function exact(amount, { decimals, mark = "." }) {
  if (amount === null || amount === undefined) return "";
  const digits = String(Math.abs(amount)).padStart(decimals + 1, "0");
  const whole = decimals ? digits.slice(0, -decimals) : digits;
  return (amount < 0 ? "-" : "") + whole + (decimals ? mark + digits.slice(-decimals) : "");
}

// The function that writes amounts as people read them: grouped, in units of `scale` (10000 for 万), `shown` decimals.
export function writer({ locale, decimals, shown = decimals, scale = 1, suffix = "" }) {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: shown, maximumFractionDigits: shown });
  const plain = { decimals };
  return (amount) => {
    if (amount === null || amount === undefined) return "";
    const value = scale === 1 ? exact(amount, plain) : amount / 10 ** decimals / scale;
    return format.format(value) + suffix;
  };
}
