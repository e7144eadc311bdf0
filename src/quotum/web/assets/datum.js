// Tiles of Chinese providers are shifted by the datum GCJ-02; what lies on them has to be shifted alike. The series is
// the one in public use (an offset polynomial over the Krasovsky ellipsoid); good to about a metre.

const AXIS = 6378245;
const ECCENTRICITY = 0.006693421622965943;

function waves(x) {
  return (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3);
}

function north(x, y) {
  let metres = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves(x);
  metres += (20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * (2 / 3);
  return metres + (160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * (2 / 3);
}

function east(x, y) {
  let metres = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves(x);
  metres += (20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * (2 / 3);
  return metres + (150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * (2 / 3);
}

export function toGcj02(lat, lon) {
  if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lat, lon];
  const [x, y] = [lon - 105, lat - 35];
  const phi = (lat / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY * Math.sin(phi) ** 2;
  const up = (north(x, y) * 180) / (((AXIS * (1 - ECCENTRICITY)) / (magic * Math.sqrt(magic))) * Math.PI);
  const right = (east(x, y) * 180) / ((AXIS / Math.sqrt(magic)) * Math.cos(phi) * Math.PI);
  return [lat + up, lon + right];
}
