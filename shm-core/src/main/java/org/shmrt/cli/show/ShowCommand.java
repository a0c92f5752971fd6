package org.shmrt.cli.show;

import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.shmrt.cli.frame.FrameMemory;
import org.shmrt.cli.frame.WaitOptions;
import org.shmrt.cli.picture.ColourOptions;
import org.shmrt.cli.picture.ColourPlanes;
import org.shmrt.cli.picture.PictureOptions;
import org.shmrt.cli.verb.ColourChoice;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StopSignal;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.picture.PictureShape;
import org.shmrt.image.pixel.PixelSummary;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code shm show}. */
@Command(
        name = "show",
        description = {
            "Draws the newest frame in the terminal: as a picture if the terminal has kitty's graphics or sixels, else"
                    + " with half blocks or characters.",
            "It changes nothing, and takes no semaphore."
        })
public final class ShowCommand extends Verb {
    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_LINES = 24;
    private static final int MAX_COLUMNS = 2000;
    /** Lines below a picture: two of text, and the one of the cursor. */
    private static final int TEXT_LINES = 3;

    private static final long READ_TIMEOUT_NS = 2_000_000_000L;
    private static final long WAIT_NS = 200_000_000L;
    /** Smallest time between two pictures. */
    private static final long PERIOD_NS = 100_000_000L;

    private static final long POLL_NS = 1_000_000L;
    private static final long REOPEN_MS = 100;
    private static final Duration END_LIMIT = Duration.ofSeconds(1);
    private static final String HIDE_CURSOR = "\033[?25l";
    private static final String SHOW_CURSOR = "\033[?25h";
    private static final String ERASE_BELOW = "\033[J";

    @Parameters(
            paramLabel = "STREAM",
            converter = Converters.ToExistingStream.class,
            description = "Path or bare name.")
    private Path stream;

    @Mixin
    private ColourOptions colours;

    @Mixin
    private PictureOptions.SliceOption slice;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Width in characters. Default: that of the terminal, or 80.")
    private Integer width;

    @Option(
            names = "--follow",
            description =
                    "Draw each new frame, at most 10 a second, until Ctrl-C; continue if the stream is re-created.")
    private boolean follow;

    @Option(
            names = "--graphics",
            paramLabel = "HOW",
            converter = ToGraphics.class,
            description = "kitty, sixel, blocks (half blocks in colours) or text (characters). Default: the best that"
                    + " the terminal has; text in a file or pipe.")
    private Graphics graphics;

    private boolean isTerminal;
    private Optional<TerminalAnswer> answer = Optional.empty();
    private Canvas canvas;
    private int drawnLines;

    static final class ToGraphics implements ITypeConverter<Graphics> {
        @Override
        public Graphics convert(String text) {
            return Graphics.named(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is not a way to draw: use " + Graphics.labels()));
        }
    }

    @Override
    public Integer call() {
        if (width != null && (width < 1 || width > MAX_COLUMNS)) {
            throw wrongUsage("--width " + width + ": give 1 to " + MAX_COLUMNS + " characters");
        }
        isTerminal = out().isTerminal();
        try (ImageStream opened = ImageStream.open(stream, Access.READ_ONLY)) {
            canvas = canvas();
            if (!follow) {
                drawNewest(opened);
                return ExitStatus.DONE;
            }
        }
        followUntilStopped();
        return ExitStatus.DONE;
    }

    private Graphics chosen(Charset encoding) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (colours() == ColourChoice.NEVER) {
            return Graphics.TEXT;
        }
        if (colours() == ColourChoice.ALWAYS) {
            environment.remove("NO_COLOR");
            if (!isTerminal && Canvas.isUnicode(environment, encoding)) {
                return Graphics.BLOCKS;
            }
        }
        return Canvas.choose(environment, encoding, isTerminal, this::ask);
    }

    private Canvas canvas() {
        Charset encoding = out().charset();
        Graphics how = graphics;
        if (how == null) {
            how = chosen(encoding);
        }
        if (how.hasPixels() && isTerminal && answer.isEmpty()) {
            ask(); // for the size of a cell
        }
        return Canvas.of(
                how,
                Canvas.depth(System.getenv()),
                Canvas.isUnicode(System.getenv(), encoding),
                size(),
                answer.orElse(TerminalAnswer.NONE));
    }

    private TerminalAnswer ask() {
        TerminalAnswer found =
                TerminalAnswer.parse(ControllingTerminal.ask(TerminalAnswer.QUERY, TerminalAnswer::isComplete));
        answer = Optional.of(found);
        return found;
    }

    /** The room for pictures. In a file or pipe, only the width is limited. */
    private ControllingTerminal.Size size() {
        if (!isTerminal) {
            return new ControllingTerminal.Size(width == null ? DEFAULT_COLUMNS : width, MAX_COLUMNS);
        }
        ControllingTerminal.Size whole =
                ControllingTerminal.size().orElse(new ControllingTerminal.Size(DEFAULT_COLUMNS, DEFAULT_LINES));
        return new ControllingTerminal.Size(
                width == null ? whole.columns() : width, Math.max(1, whole.lines() - TEXT_LINES));
    }

    private void drawNewest(ImageStream opened) {
        try (FrameReader reader = opened.reader(WaitStrategy.spin())) {
            MemorySegment frame = FrameMemory.allocate(opened.layout().frameBytes(), 1);
            Verdict verdict = reader.readNewest(frame, READ_TIMEOUT_NS);
            if (verdict == Verdict.STALE_WRITER) {
                WaitOptions.copyStale(this, stream, reader, frame);
            } else if (!verdict.hasFrame()) {
                throw noFrame(verdict);
            }
            draw(opened, reader, frame);
        }
    }

    private ShmException noFrame(Verdict verdict) {
        return switch (verdict) {
            case TIMED_OUT ->
                new TimedOutException("the frame of " + FileNames.text(stream)
                        + " was being written for 2 s: is its writer suspended?");
            case REMOVED -> new ShmException(FileNames.text(stream) + " was removed while it was read");
            case RECREATED ->
                new ShmException(FileNames.text(stream)
                        + " was re-created while it was read: run the command again to see the new one");
            default -> new ShmException("reading " + FileNames.text(stream) + " was interrupted");
        };
    }

    private void draw(ImageStream opened, FrameReader reader, MemorySegment frame) {
        MemoryImage whole = ColourPlanes.forPicture(new MemoryImage(opened.type(), opened.shape(), frame), opened);
        MemoryImage image = slice.of(whole);
        String part = "";
        if (!PictureShape.isPicture(image.shape()) && !PictureShape.isVector(image.shape())) {
            int[] first = new int[image.shape().rank() - 2];
            part = "  slice 0 of " + parts(image.shape()) + " (--slice K shows another)";
            image = PictureShape.slice(image, first);
        }
        Drawing drawing = Drawing.of(image, colours, canvas);
        String caption = StreamDirectory.name(opened.path()) + "  frame " + Long.toUnsignedString(reader.count()) + "  "
                + image.shape() + " " + image.type() + part + "  " + PixelSummary.of(drawing.statistics(), image.type())
                + (reader.count() == 0 ? "  (never written)" : "");
        StringBuilder text = new StringBuilder();
        if (follow && isTerminal && drawnLines > 0) {
            text.append("\033[").append(drawnLines).append("A\r").append(ERASE_BELOW);
        }
        text.append(drawing.text()).append(fitted(Printable.of(caption))).append('\n');
        text.append(fitted(drawing.key())).append('\n');
        drawnLines = drawing.lines() + 2;
        out().print(text);
        out().check();
        if (reader.count() == 0 && !follow) {
            note("warning: " + FileNames.text(stream)
                    + " was never written: the picture shows its memory as it was created");
        }
    }

    private static long parts(Shape shape) {
        return Arrays.stream(shape.lengths(), 0, shape.rank() - 2).reduce(1, (one, other) -> one * other);
    }

    /** A text in one line of the terminal. */
    private String fitted(String text) {
        int columns = isTerminal ? Math.max(canvas.columns(), 10) : Integer.MAX_VALUE;
        return text.length() <= columns ? text : text.substring(0, columns);
    }

    private void followUntilStopped() {
        try (StopSignal signal = new StopSignal(END_LIMIT)) {
            try {
                control(HIDE_CURSOR);
                signal.runUntilReceived(() -> {
                    while (true) {
                        followOneStream();
                    }
                });
            } finally {
                control(SHOW_CURSOR);
            }
        }
    }

    private void control(String sequence) {
        if (isTerminal) {
            out().print(sequence);
            out().check();
        }
    }

    /** Draws the frames of a stream until it is removed or re-created. */
    private void followOneStream() throws InterruptedException {
        try (ImageStream opened = ImageStream.open(stream, Access.READ_ONLY);
                FrameReader reader = opened.reader(WaitStrategy.idle(new SleepingIdleStrategy(POLL_NS)))) {
            MemorySegment frame = FrameMemory.allocate(opened.layout().frameBytes(), 1);
            Verdict verdict = reader.readNewest(frame, READ_TIMEOUT_NS);
            long resizedNs = System.nanoTime();
            while (true) {
                if (verdict.hasFrame()) {
                    draw(opened, reader, frame);
                    TimeUnit.NANOSECONDS.sleep(PERIOD_NS);
                } else if (verdict == Verdict.REMOVED || verdict == Verdict.RECREATED) {
                    return;
                } else if (Thread.interrupted()) {
                    throw new InterruptedException();
                } else if (verdict == Verdict.STALE_WRITER) {
                    TimeUnit.NANOSECONDS.sleep(WAIT_NS);
                }
                if (isTerminal && System.nanoTime() - resizedNs > WAIT_NS) {
                    resizedNs = System.nanoTime();
                    resize();
                }
                verdict = reader.readNewer(frame, WAIT_NS);
            }
        } catch (NotFoundException e) {
            TimeUnit.MILLISECONDS.sleep(REOPEN_MS);
        }
    }

    private void resize() {
        ControllingTerminal.Size size = size();
        if (size.columns() != canvas.columns() || size.lines() != canvas.lines()) {
            canvas = Canvas.of(
                    canvas.graphics(), canvas.depth(), canvas.unicode(), size, answer.orElse(TerminalAnswer.NONE));
            drawnLines = 0;
            control("\033[H\033[2J");
        }
    }
}
