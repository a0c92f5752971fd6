package org.shmrt.camera.program;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.camera.file.ByteInput;
import org.shmrt.error.ShmException;

/**
 * Opens {@code ffmpeg:ARGUMENTS}: the arguments up to the input and its filters, as on ffmpeg's command line. The output
 * is added here.
 */
public final class FfmpegProvider implements FrameSource.Provider {
    private static final String PROGRAM = "ffmpeg";

    @Override
    public String scheme() {
        return PROGRAM;
    }

    @Override
    public FrameSource open(String text, SourceOptions options) {
        options.checkSettings("ffmpeg:", PixelChoice.SETTING);
        PixelChoice choice = PixelChoice.of("ffmpeg:", options);
        List<String> command = command(Words.split(text), choice);
        ChildProgram program = ChildProgram.start(command, ChildProgram.Pixels.STANDARD_OUTPUT, PROGRAM, line -> false);
        ByteInput in = ByteInput.of(program.pixels(), PROGRAM);
        try {
            NutReader reader = new NutReader(in);
            // the packets before the first frame contain the rate
            if (!reader.hasStream() || !reader.next()) {
                program.checkEnd();
                throw new ShmException(PROGRAM + " wrote no frame" + program.reason());
            }
            return new FfmpegSource(program, in, reader, options.rateHz());
        } catch (RuntimeException | Error e) {
            program.close();
            in.close();
            throw e;
        }
    }

    /** The whole command line. */
    static List<String> command(List<String> arguments, PixelChoice choice) {
        if (!arguments.contains("-i")) {
            throw new IllegalArgumentException(
                    "ffmpeg: needs an input: give -i and its name, for example" + " 'ffmpeg:-f v4l2 -i /dev/video0'");
        }
        List<String> command = new ArrayList<>(List.of(PROGRAM, "-hide_banner", "-nostdin", "-loglevel", "error"));
        command.addAll(arguments);
        String filter = choice.ffmpegFilter();
        int last = Math.max(command.lastIndexOf("-vf"), command.lastIndexOf("-filter:v"));
        if (last >= 0 && last + 1 < command.size()) {
            // a second option would replace the user's
            command.set(last + 1, command.get(last + 1) + "," + filter);
        } else if (arguments.contains("-filter_complex") || arguments.contains("-lavfi")) {
            command.addAll(List.of("-pix_fmt", choice.ffmpegFormat()));
        } else {
            command.addAll(List.of("-vf", filter));
        }
        // one thread: the encoder for raw video has several, which delay each frame by one
        command.addAll(List.of("-an", "-sn", "-dn", "-c:v", "rawvideo", "-threads", "1"));
        command.addAll(List.of("-flush_packets", "1", "-f", "nut", "-write_index", "0", "pipe:1"));
        return command;
    }
}
