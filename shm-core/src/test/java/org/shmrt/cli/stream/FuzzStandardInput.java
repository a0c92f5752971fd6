package org.shmrt.cli.stream;

import java.io.ByteArrayInputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.image.ImageFiles;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Reads the frames of standard input: raw, a y4m video, or another file. */
final class FuzzStandardInput implements FuzzTarget {
    private static final TargetStream BYTES = new TargetStream(Path.of("x"), DataType.UINT8, Shape.of(2, 3));
    private static final TargetStream SHORTS = new TargetStream(Path.of("x"), DataType.UINT16, Shape.of(2, 3));
    private static final InputForm PLAIN = new InputForm(
            InputForm.AtEnd.STOP,
            InputForm.Axes.AS_IN_STREAM,
            ImageFiles.DEFAULT_MAX_EXPANDED_BYTES,
            OptionalLong.empty());
    private static final InputForm PADDED = new InputForm(
            InputForm.AtEnd.STOP,
            InputForm.Axes.AS_IN_STREAM,
            ImageFiles.DEFAULT_MAX_EXPANDED_BYTES,
            OptionalLong.of(8));

    @Override
    public List<byte[]> seeds() {
        return List.of(
                bytes("YUV4MPEG2 W3 H2 F30:1 Ip A1:1 C420jpeg XYSCSS=420JPEG\nFRAME\nabcdefghij"),
                bytes("YUV4MPEG2 W3 H2 Cmono16\nFRAME Ip\nabcdefghijklFRAME\nabcdefghijkl"),
                bytes("YUV4MPEG2 W3 H2 C444alpha\nFRAME\nabcdefabcdefabcdefabcdef"),
                bytes("YUV4MPEG2 W3 H2 C422p10\nFRAME\nabcdefghijklabcdefgh"),
                bytes("YUV4MPEG2 W3 H2\nFRAME\nabcdef"),
                bytes("abcdef012345"),
                bytes("\u0093NUMPY"),
                bytes("SIMPLE  =                    T"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public int mostInputBytes() {
        return 300;
    }

    /** The buffers for a video. */
    @Override
    public long mostBytes(int inputBytes) {
        return 1 << 20;
    }

    @Override
    public void use(byte[] input) {
        boolean isWide = input.length > 30 && input[input.length - 1] % 2 != 0;
        InputForm form = input.length > 0 && input[0] != 'Y' && input.length % 2 == 0 ? PADDED : PLAIN;
        try (FrameSource source = StandardInput.open(
                new ByteArrayInputStream(input), OptionalLong.empty(), isWide ? SHORTS : BYTES, form, remark -> {
                    if (remark.indexOf('\n') >= 0) {
                        throw new AssertionError("a remark of several lines: " + remark);
                    }
                })) {
            while (source.next()) {
                source.frame().toArray(ValueLayout.JAVA_BYTE);
            }
        }
    }
}
