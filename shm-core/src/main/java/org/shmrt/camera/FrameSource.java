package org.shmrt.camera;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.text.FileNames;

/**
 * A camera, or anything else that delivers frames of one size. One thread calls {@link #read}; {@link #close},
 * {@link #lost} and {@link #damaged} are for any thread. Reading a frame must not allocate.
 *
 * <p>To add a kind of camera, implement this interface and a {@link Provider}, and name the provider in
 * {@code META-INF/services/org.shmrt.camera.FrameSource$Provider}, or in a {@code provides} line of a module.
 */
public interface FrameSource extends AutoCloseable {
    /** What a call of {@link #read} has done. */
    enum Arrival {
        /** The target contains a whole frame, which must be published. */
        FRAME,
        /** There was a frame, but a part of it is missing or damaged. The source has counted it as lost. */
        DAMAGED,
        /** No frame was complete in time. The next call gets the same target, with what was written to it. */
        TIMED_OUT,
        /** There will be no more frames: the source has ended or was closed. */
        ENDED
    }

    /** Opens the sources of one scheme. Implementations are found by {@link ServiceLoader} and must be stateless. */
    interface Provider {
        /**
         * The word before the colon in the name of a source.
         *
         * @return two or more lower-case letters and digits, for example {@code sim}
         */
        String scheme();

        /**
         * Opens a source. Frames may be lost from now on, so the caller starts to read soon.
         *
         * @param text the name after the colon
         * @param options the user's options; those that do not apply must be refused
         * @return the open source, which knows its format
         * @throws IllegalArgumentException if text or options are not valid, saying what is
         * @throws org.shmrt.error.ShmException if there is no such camera, or it does not work
         */
        FrameSource open(String text, SourceOptions options);

        /**
         * Finds the cameras that can be opened now.
         *
         * @return for each its name as in {@link FrameSource#open}, two blanks, and a description; empty for sources
         *     that cannot be found
         * @throws org.shmrt.error.ShmException if they cannot be searched for, saying why
         */
        default List<String> list() {
            return List.of();
        }
    }

    /** The scheme of names without one: files, and {@code -} for standard input. */
    String FILE_SCHEME = "file";

    /**
     * Opens a source by its name.
     *
     * @param name {@code SCHEME:TEXT}, the name of a file, or {@code -} for standard input
     * @param options options for the source
     * @return the open source
     * @throws IllegalArgumentException if the name or an option is not valid, or no provider has this scheme
     * @throws org.shmrt.error.ShmException if the source cannot be opened
     */
    static FrameSource open(String name, SourceOptions options) {
        Matcher scheme =
                Pattern.compile("([a-z][a-z0-9]+):(.*)", Pattern.DOTALL).matcher(name);
        boolean isFile = !scheme.matches() || Files.exists(FileNames.parse(name));
        String wanted = isFile ? FILE_SCHEME : scheme.group(1);
        TreeSet<String> known = new TreeSet<>();
        for (Provider provider : ServiceLoader.load(Provider.class, FrameSource.class.getClassLoader())) {
            if (provider.scheme().equals(wanted)) {
                return provider.open(isFile ? name : scheme.group(2), options);
            }
            known.add(provider.scheme());
        }
        throw new IllegalArgumentException("cannot open " + name + ": no kind of source is named '" + wanted
                + "': use a file, - for standard input, or one of " + String.join(":, ", known) + ":");
    }

    /**
     * Finds the cameras of all kinds that can be opened now.
     *
     * @return for each its name as in {@link #open}, two blanks, and a description
     * @throws org.shmrt.error.ShmException if they cannot be searched for, saying why
     */
    static List<String> list() {
        List<String> found = new ArrayList<>();
        for (Provider provider : ServiceLoader.load(Provider.class, FrameSource.class.getClassLoader())) {
            found.addAll(provider.list());
        }
        return found;
    }

    /**
     * What all frames have in common.
     *
     * @return the format, the same until the source is closed
     */
    FrameFormat format();

    /**
     * Waits for the next frame and writes it to the target. A source that withholds damaged frames returns
     * {@link Arrival#DAMAGED} for each.
     *
     * @param target the frame to fill
     * @param timeoutNs how long to wait, nanoseconds. A source that cannot limit the wait may exceed it, but must return
     *     soon after {@link #close}
     * @return what happened
     * @throws org.shmrt.error.ShmException if the source has failed; the message is for the user
     */
    Arrival read(FrameTarget target, long timeoutNs);

    /**
     * The depth that suits this source, for a new stream.
     *
     * @return number of frames, 1 or more
     */
    default int preferredDepth() {
        return 4;
    }

    /**
     * The number of frames that were sent since the source was opened and will never be delivered, as far as the source
     * knows: missing ones and those that arrived damaged. Frames sent = frames delivered + this number.
     *
     * @return a number that never decreases
     */
    long lost();

    /**
     * How many of the lost frames arrived, but incomplete or damaged.
     *
     * @return a number that never decreases, at most {@link #lost}
     */
    long damaged();

    /**
     * A sentence about the source's losses or other conditions that the user can improve.
     *
     * @return one line, or an empty text
     */
    default String remark() {
        return "";
    }

    /** Ends the source. A {@link #read} in another thread returns soon. Closing twice is harmless. */
    @Override
    void close();
}
