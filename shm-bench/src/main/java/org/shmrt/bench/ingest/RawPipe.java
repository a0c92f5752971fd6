package org.shmrt.bench.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.shmrt.bench.report.Row;
import org.shmrt.process.ChildProcess;

/** Raw frames of 1920 x 1080 u16 from a pipe: {@code shm grab -}, and {@code cat > /dev/null}. */
final class RawPipe {
    private static final double TARGET = 0.9;
    private static final long FRAME_BYTES = 1920L * 1080 * 2;
    /** So that the JIT compiler has done its work. */
    private static final int WARM_UP = 500;
    /** Frames in a second, more or less. */
    private static final int RATE = 500;

    private final Workplace workplace;

    RawPipe(Workplace workplace) {
        this.workplace = workplace;
    }

    List<Row> run() throws IOException {
        List<Long> ours = new ArrayList<>();
        List<Long> cat = new ArrayList<>();
        for (int pair = 0; pair < workplace.pairs(); pair++) {
            workplace.progress("raw frames from a pipe", pair);
            Path stream = workplace.file("pipe.im.shm");
            ours.add(bytesPerSecond(workplace.grab("-", stream, "--shape", "1080x1920", "--dtype", "u16").stream()
                    .map(RawPipe::quoted)
                    .collect(Collectors.joining(" "))));
            workplace.remove(stream);
            cat.add(bytesPerSecond("cat"));
        }
        return List.of(Row.ratio(
                "pipe",
                "raw frames from a pipe, against cat",
                ours,
                cat,
                Row.Unit.BYTES_PER_SECOND,
                OptionalDouble.of(TARGET),
                Row.Bound.AT_LEAST));
    }

    private long bytesPerSecond(String reader) throws IOException {
        Path figures = workplace.file("written.txt");
        String writer = quoted(workplace.program("raw_writer")) + " " + FRAME_BYTES + " " + WARM_UP + " "
                + (int) Math.ceil(RATE * workplace.seconds());
        try (ChildProcess shell = workplace.start(
                "pipe",
                List.of("sh", "-c", writer + " 2>" + quoted(figures.toString()) + " | " + reader + " >/dev/null"))) {
            shell.finish();
        }
        String[] words = Files.readString(figures).strip().split(" ");
        return (long) (Double.parseDouble(words[0]) * 1e9 / Double.parseDouble(words[1]));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
