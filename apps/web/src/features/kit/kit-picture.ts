import { CodedError } from '@serment/core/error';

/** A kit's code stays legible at this size, and a telephone's picture is read in a moment. */
const largestSide = 1600;

/**
 * What the code of a kit holds, from a picture of it. Throws PICTURE_UNREADABLE for what is no picture, or has no code
 * in it, and PICTURE_OTHER for another code.
 */
export async function readKitPicture(picture: Blob): Promise<string> {
  const text = await codeIn(picture).catch((cause: unknown) => {
    throw new CodedError('PICTURE_UNREADABLE', 'No code was found in this picture', { cause });
  });
  if (!text.startsWith(kitMark)) throw new CodedError('PICTURE_OTHER', 'The code of this picture is no kit');
  return text;
}

const kitMark = 'SERMENT-KIT:';

async function codeIn(picture: Blob): Promise<string> {
  const [{ decodeQR }, pixels] = await Promise.all([import('qr/decode.js'), pixelsOf(picture)]);
  return decodeQR(pixels);
}

async function pixelsOf(picture: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(picture);
  try {
    const scale = Math.min(1, largestSide / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } finally {
    bitmap.close();
  }
}
