package org.shmrt.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Files of ImageStreamIO before 2.00 and of xaosim, made from their documented offsets: three rows of five floats, with
 * the keywords gain and texp.
 */
public enum OlderMilkFile {
    XAOSIM("xaosim", 336, 216, -1, 240, 120, 4096),
    V0_0_00("0.0.00", 336, 216, 217, 240, 120, 760),
    V0_0_01("0.0.01", 336, 216, 217, 240, 120, 760),
    V1_0("1.0", 344, 224, 225, 248, 120, 724),
    V1_01("1.01", 360, 224, 240, 264, 120, 1380),
    V1_02("1.02", 360, 224, 240, 264, 120, 1380),
    V1_03("1.03", 360, 224, 240, 264, 120, 1380),
    V1_04("1.04", 384, 224, 240, 264, 128, 1500),
    V1_05("1.05", 384, 224, 240, 264, 128, 1852),
    V1_05_HISTORY("1.05", 400, 224, 240, 264, 128, 5068);

    /** Counter of their frame. */
    public static final long CNT0 = 42;

    /** Seconds of the time of their frame, except those of xaosim, which store none. */
    public static final long ACQUIRED_S = 1_700_000_000L;

    /** Size of their frame. */
    public static final int FRAME_BYTES = 60;

    private final String version;
    private final int header;
    private final int shared;
    private final int location;
    private final int cnt0;
    private final int keyword;
    private final int size;

    OlderMilkFile(String version, int header, int shared, int location, int cnt0, int keyword, int size) {
        this.version = version;
        this.header = header;
        this.shared = shared;
        this.location = location;
        this.cnt0 = cnt0;
        this.keyword = keyword;
        this.size = size;
    }

    /** The version text. */
    public String version() {
        return version;
    }

    /** Size of the header. */
    public int headerBytes() {
        return header;
    }

    /** Position of the counter. */
    public int cnt0Offset() {
        return cnt0;
    }

    /** Size of a keyword. */
    public int keywordBytes() {
        return keyword;
    }

    /** The variant that ShmRT calls it. */
    public String variant() {
        return this == V1_05_HISTORY ? "1.05-writehistory" : version;
    }

    /** The bytes of the file. */
    public byte[] bytes() {
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        boolean blanks = this == XAOSIM;
        putText(file, 0, version, 32, blanks);
        putText(file, 32, blanks ? "/dev/shm/cam.im.shm" : "cam", 80, blanks);
        file.put(112, (byte) 2).putInt(116, 5).putInt(120, 3).putLong(128, 15).put(136, (byte) 9);
        if (!blanks) {
            file.putLong(144, 2)
                    .putLong(152, ACQUIRED_S)
                    .putLong(184, ACQUIRED_S)
                    .putLong(192, 5);
            file.put(location, (byte) -1);
        }
        file.put(shared, (byte) 1).putLong(cnt0, CNT0).putLong(cnt0 + 8, 1).putLong(cnt0 + 16, 77);
        file.putShort(cnt0 + 26, (short) 2);
        if (!blanks) {
            file.putShort(cnt0 - 6, (short) 10);
        }
        if (header >= 360) {
            file.putShort(260, (short) 10);
        }
        if (header == 384) {
            file.putLong(312, FRAME_BYTES);
        } else if (header == 400) {
            file.putLong(328, FRAME_BYTES);
        }
        for (int i = 0; i < 15; i++) {
            file.putFloat(header + 4 * i, i + 0.5f);
        }
        int comment = keyword == 128 ? 48 : 40;
        int at = header + FRAME_BYTES;
        putText(file, at, "gain", 16, false);
        file.put(at + 16, (byte) 'L').putLong(at + 24, 7);
        putText(file, at + comment, "of the camera", 80, false);
        at += keyword;
        putText(file, at, "texp", 16, false);
        file.put(at + 16, (byte) 'D').putDouble(at + 24, 0.25);
        return file.array();
    }

    private static void putText(ByteBuffer file, int at, String text, int bytes, boolean blanks) {
        byte[] field = new byte[bytes];
        Arrays.fill(field, (byte) (blanks ? ' ' : 0));
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, field, 0, ascii.length);
        file.put(at, field);
    }
}
