package org.shmrt.image.terminal;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.zip.Deflater;

/**
 * Encodes pictures for kitty's graphics protocol: compressed RGB in chunks. Stateless.
 *
 * @see <a href="https://sw.kovidgoyal.net/kitty/graphics-protocol/">Terminal graphics protocol</a>
 */
public final class Kitty {
    /** Asks the terminal whether it has this protocol; it answers with {@link #SUPPORTED}, others do not answer. */
    public static final String QUERY = "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\";

    /** Start of the answer of a terminal with this protocol. */
    public static final String SUPPORTED = "\033_Gi=31;OK";

    private static final int CHUNK = 4096;
    private static final int BUFFER = 1 << 16;

    private Kitty() {}

    /**
     * The control sequences that show a picture at the cursor, which does not move. A picture with the same id replaces
     * the one before.
     *
     * @param columns width in character cells
     * @param lines height in character cells
     * @param id id of the picture, 1 or more
     */
    public static String encode(Pixels pixels, int columns, int lines, int id) {
        String data = Base64.getEncoder().encodeToString(compressed(pixels));
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < data.length(); from += CHUNK) {
            int end = Math.min(data.length(), from + CHUNK);
            text.append("\033_G");
            if (from == 0) {
                text.append("a=T,f=24,o=z,q=2,C=1,p=1,i=").append(id);
                text.append(",s=").append(pixels.width()).append(",v=").append(pixels.height());
                text.append(",c=").append(columns).append(",r=").append(lines).append(',');
            }
            text.append("m=").append(end < data.length() ? 1 : 0).append(';');
            text.append(data, from, end).append("\033\\");
        }
        return text.toString();
    }

    private static byte[] compressed(Pixels pixels) {
        byte[] rgb = new byte[3 * pixels.rgb().length];
        for (int i = 0; i < pixels.rgb().length; i++) {
            rgb[3 * i] = (byte) (pixels.rgb()[i] >> 16);
            rgb[3 * i + 1] = (byte) (pixels.rgb()[i] >> 8);
            rgb[3 * i + 2] = (byte) pixels.rgb()[i];
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(rgb);
            deflater.finish();
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                compressed.write(buffer, 0, deflater.deflate(buffer));
            }
            return compressed.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
