import { drawnScale, type ShownPage } from './shown-page.ts';

/** A picture as its one page. Throws what the browser throws for one that it cannot read. */
export async function picturePage(bytes: ArrayBuffer): Promise<ShownPage> {
  const picture = await createImageBitmap(new Blob([bytes]));
  const { width, height } = picture;
  return {
    width,
    height,
    async draw(canvas, wanted, quarters) {
      const scale = drawnScale(width, height, wanted);
      const isAside = quarters % 2 === 1;
      canvas.width = Math.round((isAside ? height : width) * scale);
      canvas.height = Math.round((isAside ? width : height) * scale);
      const context = canvas.getContext('2d');
      context?.translate(canvas.width / 2, canvas.height / 2);
      context?.rotate((quarters * Math.PI) / 2);
      context?.scale(scale, scale);
      context?.drawImage(picture, -width / 2, -height / 2);
    },
    text: async () => '',
  };
}
