/** An image as the engine reports it: its layers from the bottom up, and their total size. */
export interface LayeredImage {
  readonly layers: readonly string[];
  readonly bytes: number;
}

/** Disk use of images together: layers that several images share count once, if an image ends with them. */
export function uniqueBytes(images: readonly LayeredImage[]): number {
  const known = [...images].sort((one, other) => one.layers.length - other.layers.length);
  return known.reduce((sum, image, index) => sum + image.bytes - (parentOf(image, known.slice(0, index))?.bytes ?? 0), 0);
}

/** The image with the most layers with which another image begins. */
function parentOf(image: LayeredImage, shorter: readonly LayeredImage[]): LayeredImage | undefined {
  return shorter.filter(({ layers }) => layers.every((layer, index) => image.layers[index] === layer)).at(-1);
}
