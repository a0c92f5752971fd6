package org.shmrt.cli.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.block.PythonStream;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.RawFile;
import org.shmrt.memory.MemoryImage;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block export}. */
@Command(name = "export", description = "Writes a frame of a stream of the Python packages pyshmem or pyRTC to a file.")
final class BlockExportCommand extends Verb {
    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The name that Python programs use, or the name of the object with the pixels.")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "FILE.npy, FILE.fits, FILE.png or FILE.raw; - writes raw bytes to standard output.")
    private String file;

    @Option(names = "--next", description = "Wait for a new frame. Default: the newest one.")
    private boolean next;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Converters.ToNanoseconds.class,
            description = "Maximum wait for the frame, for example 500ms. Default: 5s.")
    private long timeoutNs;

    @Override
    public Integer call() {
        boolean toOutput = file.equals(StandardStreams.NAME);
        if (!toOutput) {
            ImageFiles.checkEnding(FileNames.parse(file));
        }
        try (PythonStream stream = PythonStream.open(name)) {
            MemoryImage frame = new MemoryImage(stream.type(), stream.shape(), read(stream));
            if (toOutput) {
                RawFile.write(StandardStreams.output(), frame.data());
                return ExitStatus.DONE;
            }
            Optional<String> remark = ImageFiles.write(FileNames.parse(file), frame);
            note(file + ": frame " + Long.toUnsignedString(stream.count()) + ", " + frame.shape() + " " + frame.type()
                    + remark.map(text -> ", " + text).orElse("")
                    + (stream.detectsTornFrames()
                            ? ""
                            : "; pyRTC does not mark frames that are being written, so parts of two are possible"));
        }
        return ExitStatus.DONE;
    }

    private MemorySegment read(PythonStream stream) {
        MemorySegment frame;
        try {
            frame = Arena.ofAuto().allocate(stream.frameBytes(), Long.BYTES);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            throw new ShmException("not enough memory for a frame of " + stream.frameBytes() + " bytes", e);
        }
        if (next ? stream.readNew(frame, timeoutNs) : stream.read(frame, timeoutNs)) {
            return frame;
        }
        throw new TimedOutException("no complete frame of " + name + " within "
                + String.format(Locale.ROOT, "%s s", timeoutNs / 1e9) + ": is its writer running?");
    }
}
