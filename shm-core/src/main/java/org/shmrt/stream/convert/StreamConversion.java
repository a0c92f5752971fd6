package org.shmrt.stream.convert;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamCreation;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;

/**
 * Makes a new stream, of another format or the same, with what a stream holds: the newest frame's pixels, counters and
 * time, the frames before as far as the new stream keeps them, and the keywords. The {@link ConversionReport} tells
 * what could not be carried. The source is only read, and may be written meanwhile; the new stream gets its name when
 * it is complete. Immutable: each {@code with} method returns a changed copy.
 *
 * <pre>{@code
 * ConversionReport report = StreamConversion.of(Path.of("/tmp/cam.im.shm"), "milk").withCircularBuffer(8)
 *         .run(Path.of("/milk/shm/cam.im.shm"));
 * report.notCarried().forEach(System.out::println);
 * }</pre>
 *
 * <p>The shape stays as numpy users see it, so DAO's axes are milk's in reverse. Times are shifted from the clock of
 * the one format to that of the other ({@link StreamClock#offsetNs()}). A ring of N slots (DAO) becomes a circular
 * buffer of N frames (milk), and the other way round, unless another number is asked for. Frames take the places they
 * would have had if they had been written there one after another.
 *
 * @param source the stream to convert, or a link to it
 * @param format name of the new stream's format
 * @param variant which of the format's layouts, null for its usual one
 * @param depth frames its ring keeps, 0 for as many as the source
 * @param circular frames its circular buffer keeps, -1 for as many as the source
 * @param keywordCount room for keywords, -1 for as much as the source has
 * @param replacing whether an existing stream of the target's path is replaced
 */
public record StreamConversion(
        Path source, String format, String variant, int depth, int circular, int keywordCount, boolean replacing) {
    private static final String MILK = "milk";

    /**
     * A conversion that keeps as many frames and keywords as the source.
     *
     * @param source the stream to convert, or a link to it
     * @param format name of the new stream's format, {@code dao} or {@code milk}
     * @return the conversion, which has not begun
     */
    public static StreamConversion of(Path source, String format) {
        return new StreamConversion(source, format, null, 0, -1, -1, false);
    }

    /**
     * Into another of the format's layouts.
     *
     * @param newVariant its name as {@link StreamLayout#variant()} has it; null for the usual one
     * @return a changed copy
     */
    public StreamConversion withVariant(String newVariant) {
        return new StreamConversion(source, format, newVariant, depth, circular, keywordCount, replacing);
    }

    /**
     * Into a ring of another depth (DAO).
     *
     * @param newDepth number of frames it keeps, 1 or more
     * @return a changed copy
     */
    public StreamConversion withDepth(int newDepth) {
        return new StreamConversion(source, format, variant, newDepth, circular, keywordCount, replacing);
    }

    /**
     * With a circular buffer of another size (milk).
     *
     * @param newCircular number of frames it keeps, 0 for none
     * @return a changed copy
     */
    public StreamConversion withCircularBuffer(int newCircular) {
        return new StreamConversion(source, format, variant, depth, newCircular, keywordCount, replacing);
    }

    /**
     * With another room for keywords.
     *
     * @param newCount number of keyword records, at least as many as the source has in use
     * @return a changed copy
     */
    public StreamConversion withKeywords(int newCount) {
        return new StreamConversion(source, format, variant, depth, circular, newCount, replacing);
    }

    /**
     * Replacing a stream of the target's path, if there is one. Who has that open keeps the old file.
     *
     * @return a changed copy
     */
    public StreamConversion replacingExisting() {
        return new StreamConversion(source, format, variant, depth, circular, keywordCount, true);
    }

    /**
     * Converts. Takes a copy of all frames, and waits up to two seconds for a frame that is being written.
     *
     * @param target path of the new stream
     * @return what was done, and what could not be
     * @throws IncompatibleException if the source is no sound stream, its pixels are not in its file, the new format
     *     has no type for them, or it is created anew or removed meanwhile; nothing is left behind
     * @throws AlreadyExistsException if something of the target's path exists and is not to be replaced, or the target
     *     is the source
     * @throws org.shmrt.error.BusyException if the newest frame is kept claimed or overwritten all the time
     * @throws org.shmrt.error.NotFoundException if there is no such source, or no such directory
     * @throws org.shmrt.error.NoSpaceException if the memory of the new stream cannot be reserved
     * @throws IllegalArgumentException if the format cannot represent what is asked for
     */
    public ConversionReport run(Path target) {
        ImageStream.checkPath(target);
        try (ImageStream from = ImageStream.open(source, Access.READ_ONLY)) {
            if (FileId.exists(target) && FileId.of(target).isSameFile(FileId.of(source))) {
                throw new AlreadyExistsException(
                        target + " is the stream that is to be converted: choose another " + "name");
            }
            List<Keyword> keywords = from.keywords();
            List<String> notCarried = new ArrayList<>();
            StreamSpec spec = spec(from.layout(), keywords.size());
            // Before anything is made, for a source that vanishes meanwhile ends this with an error.
            tellLosses(from, StreamFormats.named(format).plan(target, spec), notCarried);
            ConversionContent content = new ConversionContent(from, keywords, notCarried);
            try (ImageStream made = StreamCreation.create(target, spec, content)) {
                return new ConversionReport(
                        source,
                        target,
                        made.layout(),
                        content.cnt0(),
                        content.frames(),
                        content.keywordsCarried(),
                        List.copyOf(notCarried));
            }
        }
    }

    private StreamSpec spec(StreamLayout from, int keywordsInUse) {
        boolean milk = format.equals(MILK);
        if (format.equals("dao") && from.type().daoCode() == DataType.NO_CODE) {
            throw new IncompatibleException(source + " holds " + from.type() + ", for which DAO has no type: convert "
                    + "its pixels to another type first, for example float32");
        }
        if (!milk && circular > 0) {
            throw new IllegalArgumentException("only milk streams have a circular buffer: give the new stream a depth "
                    + "of " + circular + " instead (--depth " + circular + ")");
        }
        if (keywordCount >= 0 && keywordCount < keywordsInUse) {
            throw new IllegalArgumentException(source + " has " + keywordsInUse + " keywords, for which room for "
                    + keywordCount + " is too little");
        }
        int kept = from.circular() != null ? from.circular().size() : from.depth();
        int buffer = from.circular() != null || kept > 1 ? kept : 0;
        StreamSpec spec = StreamSpec.of(format, from.type(), from.shape())
                .withVariant(variant)
                .withDepth(depth != 0 ? depth : milk ? 1 : kept)
                .withCircularBuffer(!milk ? 0 : circular < 0 ? buffer : circular)
                .withKeywords(keywordCount < 0 ? from.keywords().count() : keywordCount);
        if (milk && from.cube() != null) {
            spec = spec.asRollingCube();
        }
        return replacing ? spec.replacingExisting() : spec;
    }

    /** What follows from the two layouts, whatever the frames are. */
    private static void tellLosses(ImageStream from, StreamLayout to, List<String> notCarried) {
        StreamLayout layout = from.layout();
        if (!to.shape().equals(layout.shape())) {
            notCarried.add("the shape " + layout.shape() + ": a DAO stream stores a vector as " + to.shape());
        }
        if (layout.cube() != null && to.cube() == null) {
            notCarried.add("that the slices are written in turn, and when each was: the new stream has three plain "
                    + "axes, and cnt1 stays the number of the slice written last");
        }
        if (layout.written().exists() && !to.written().exists() && from.status().writtenNs() != 0) {
            notCarried.add("when the newest frame was written: the new format keeps the acquisition time alone");
        }
        if (!from.traces().isEmpty()) {
            notCarried.add("the process trace, " + from.traces().size() + " records: it is about the old stream's "
                    + "writer");
        }
        if (layout.writeHistory() != null) {
            notCarried.add("the list of the last writes");
        }
        if (hasPackets(from)) {
            notCarried.add("in which packets the newest frame came");
        }
        if (layout.keywords().countOffset() >= 0 && !from.keywords().isEmpty()) {
            notCarried.add("how often each keyword was written");
        }
        notCarried.add("values of the " + layout.semaphores().count() + " semaphores, and who reserved them: the new "
                + "stream has " + to.semaphores().count() + " of its own");
    }

    private static boolean hasPackets(ImageStream from) {
        PacketLayout packets = from.layout().packets();
        if (packets == null) {
            return false;
        }
        try {
            long header = from.layout().headerOffset(from.status().newestSlot());
            int total = from.segment().get(ValueLayout.JAVA_INT, header + packets.totalOffset());
            Faults.settle();
            return total != 0;
        } catch (InternalError e) {
            throw from.cutOff(e);
        }
    }
}
