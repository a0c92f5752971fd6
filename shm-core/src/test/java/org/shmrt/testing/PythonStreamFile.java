package org.shmrt.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Metadata of pyshmem and pyRTC, made from their documented structures: two rows of three uint16, four frames written.
 */
public enum PythonStreamFile {
    PYSHMEM_2("pyshmem", 2, 256),
    PYSHMEM_2_WITH_NAME("pyshmem", 2, 512),
    PYSHMEM_3("pyshmem", 3, 512),
    PYRTC("pyrtc", 1, 80);

    /** The name in those that store one. */
    public static final String NAME = "wavefront/x";

    /** Number of frames written. */
    public static final long COUNT = 4;

    /** When the last one was written, seconds since 1970. */
    public static final double WRITTEN_S = 1_700_000_000.25;

    /** Size of the object with the pixels. */
    public static final int DATA_BYTES = 12;

    private final String kind;
    private final int version;
    private final int bytes;

    PythonStreamFile(String kind, int version, int bytes) {
        this.kind = kind;
        this.version = version;
        this.bytes = bytes;
    }

    /** The package. */
    public String kind() {
        return kind;
    }

    /** Version of the metadata. */
    public int version() {
        return version;
    }

    /** The bytes of the metadata; {@code sequence} is odd during a write. */
    public byte[] metadata(long sequence) {
        ByteBuffer file = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (this) {
            case PYRTC -> doubles(file, COUNT, WRITTEN_S, DATA_BYTES, 5, 2, 3);
            case PYSHMEM_3 ->
                file.put("PYSHMEM\0".getBytes(StandardCharsets.US_ASCII))
                        .putShort((short) 3)
                        .putShort((short) 256)
                        .putInt(0)
                        .putShort((short) 5)
                        .putShort((short) 2)
                        .putInt(-1)
                        .putLong(1234)
                        .putLong(DATA_BYTES)
                        .putLong(COUNT)
                        .putLong(sequence)
                        .putDouble(WRITTEN_S)
                        .putLong(104, 2)
                        .putLong(112, 3);
            default ->
                doubles(file, 2, COUNT, 5, 2, DATA_BYTES, 0, -1, 1234, WRITTEN_S, (double) sequence, 0, 0, 1, 2, 3);
        }
        if (bytes == 512) {
            file.put(256, NAME.getBytes(StandardCharsets.UTF_8));
        }
        return file.array();
    }

    private static void doubles(ByteBuffer file, double... values) {
        for (double value : values) {
            file.putDouble(value);
        }
    }

    /** The pixels: 0, 1, 2 and so on, plus an offset. */
    public static byte[] pixels(int offset) {
        ByteBuffer pixels = ByteBuffer.allocate(DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < DATA_BYTES / 2; i++) {
            pixels.putShort((short) (i + offset));
        }
        return pixels.array();
    }
}
