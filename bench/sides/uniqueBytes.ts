/** An image as the engine tells it: its layers from the bottom up, and what they have together. */
export interface LayeredImage {
  readonly layers: readonly string[];
  readonly bytes: number;
}

/** What images take on disk together: layers that several are made of count once, if some image ends with them. */
export function uniqueBytes(images: readonly LayeredImage[]): number {
  const known = [...images].sort((one, other) => one.layers.length - other.layers.length);
  return known.reduce((sum, image, index) => sum + image.bytes - (parentOf(image, known.slice(0, index))?.bytes ?? 0), 0);
}

/** The longest image that another one begins with. */
function parentOf(image: LayeredImage, shorter: readonly LayeredImage[]): LayeredImage | undefined {
  return shorter.filter(({ layers }) => layers.every((layer, index) => image.layers[index] === layer)).at(-1);
}
