// A picture made small on this device, as a JPEG without what the camera wrote beside it (place, time, phone).
const SMALLEST_SIDE = 320;

/** Answers a JPEG of at most `most` bytes whose longer side has at most `side` points; throws for what is no picture. */
export async function smallPicture(file, { side = 1280, quality = 0.8, most = Infinity } = {}) {
  const picture = await createImageBitmap(file);         // turned upright by what the camera wrote, which then is gone
  for (let longest = side; ; longest = Math.round(longest * 0.75)) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement('canvas'), { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) });
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise(done => canvas.toBlob(done, 'image/jpeg', quality));
    if (made.size <= most || longest <= SMALLEST_SIDE) { picture.close(); return made; }
  }
}
