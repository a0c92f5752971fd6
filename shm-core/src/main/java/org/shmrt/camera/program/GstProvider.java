package org.shmrt.camera.program;

import java.util.ArrayList;
import java.util.List;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.camera.file.ByteInput;
import org.shmrt.error.ShmException;

/** Opens {@code gst:PIPELINE}: a pipeline without a sink, as on the command line of gst-launch. The end is added here. */
public final class GstProvider implements FrameSource.Provider {
    private static final String PROGRAM = "gst-launch-1.0";
    private static final String PACKAGES = "gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good";
    private static final long CAPS_POLL_MS = 100;

    @Override
    public String scheme() {
        return "gst";
    }

    @Override
    public FrameSource open(String text, SourceOptions options) {
        options.checkSettings("gst:", PixelChoice.SETTING);
        PixelChoice choice = PixelChoice.of("gst:", options);
        List<String> command = new ArrayList<>(List.of(PROGRAM, "-v"));
        command.addAll(Words.split(text));
        if (command.size() == 2) {
            throw new IllegalArgumentException("gst: needs a pipeline, for example 'gst:v4l2src device=/dev/video0'");
        }
        command.addAll(List.of(
                "!",
                "videoconvert",
                "!",
                "video/x-raw,format=" + choice.gstFormats(),
                "!",
                "identity",
                "name=" + GstMessages.IDENTITY,
                "silent=false",
                "!",
                "fdsink",
                "name=" + GstMessages.SINK,
                "fd=3",
                "sync=false"));
        GstMessages messages = new GstMessages();
        ChildProgram program = ChildProgram.start(command, ChildProgram.Pixels.DESCRIPTOR_3, PACKAGES, messages);
        ByteInput in = ByteInput.of(program.pixels(), PROGRAM);
        try {
            return new GstSource(program, in, messages, GstCaps.parse(caps(program, messages), options.rateHz()));
        } catch (RuntimeException | Error e) {
            program.close();
            in.close();
            throw e;
        }
    }

    private static String caps(ChildProgram program, GstMessages messages) {
        try {
            boolean alive = true;
            while (alive) {
                alive = program.isAlive(); // before: the last message may come with the end
                String caps = messages.awaitCaps(CAPS_POLL_MS);
                if (!caps.isEmpty()) {
                    return caps;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShmException("interrupted while waiting for " + PROGRAM, e);
        }
        program.checkEnd();
        throw new ShmException(PROGRAM + " wrote no frame" + program.reason());
    }
}
