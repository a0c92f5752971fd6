package org.shmrt.record;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.shmrt.error.IncompatibleException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.record.chunk.ChunkFile;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.record.chunk.CubeCopy;
import org.shmrt.record.chunk.FrameFile;
import org.shmrt.record.chunk.FrameRow;
import org.shmrt.text.FileNames;

/**
 * The frames of one stream in a recording, numbered from 0 in the order of recording. Its files are opened as they are
 * needed. For one thread at a time.
 */
public final class RecordedStream {
    /** Files that are open at the same time. */
    private static final int MAX_OPEN = 4;

    /** A file and when its first frame arrived. */
    record File(Path path, long startNs) {}

    /** A frame: the file and the index in it. */
    record Place(int file, long row) {}

    private final String name;
    private final List<File> files;
    private final long[] firstIndex;
    private final Map<Integer, FrameFile> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);
    private int counted;
    private int opened;
    private final long maxExpandedBytes;
    private FrameFile sample;

    RecordedStream(String name, List<File> files, long maxExpandedBytes) {
        this.name = name;
        this.maxExpandedBytes = maxExpandedBytes;
        this.files = List.copyOf(files);
        this.firstIndex = new long[files.size() + 1];
    }

    /**
     * Name of the stream.
     *
     * @return the name without a directory
     */
    public String name() {
        return name;
    }

    /**
     * Type of the elements.
     *
     * @return the type in memory; float32 for a stream of float16, for which FITS has no form
     */
    public DataType type() {
        return first().type();
    }

    /**
     * Shape of a frame.
     *
     * @return the shape, slowest axis first
     */
    public Shape shape() {
        return first().frameShape();
    }

    /**
     * Size of a frame in memory.
     *
     * @return bytes
     */
    public long frameBytes() {
        return first().frameBytes();
    }

    /**
     * Format of the stream.
     *
     * @return for example {@code dao}; empty if it is not known
     */
    public Optional<String> format() {
        return text(first().cards(), StreamInstance.FORMAT);
    }

    /**
     * The frames that the stream kept.
     *
     * @return its depth, 1 if it is not known
     */
    public int depth() {
        return first().cards().stream()
                .filter(card -> card.name().equals(StreamInstance.DEPTH) && card.value() instanceof Long)
                .mapToInt(card -> Math.toIntExact((Long) card.value()))
                .findFirst()
                .orElse(1);
    }

    /**
     * The header of the first file: the keywords of the stream and its description.
     *
     * @return the cards
     */
    public List<FitsCard> cards() {
        return first().cards();
    }

    static Optional<String> text(List<FitsCard> cards, String name) {
        return cards.stream()
                .filter(card -> card.name().equals(name) && card.value() instanceof String)
                .map(card -> ((String) card.value()).strip())
                .findFirst();
    }

    /**
     * Whether the counters and times of its frames are known. A FITS cube of another program has none.
     *
     * @return false if they are all 0
     */
    public boolean hasTimes() {
        return first().hasTimes();
    }

    /**
     * The number of frames. Reads the header of every file.
     *
     * @return their number when the recording was opened or later
     */
    public long frames() {
        countUpTo(Long.MAX_VALUE);
        return firstIndex[files.size()];
    }

    /**
     * What is recorded of a frame besides its pixels.
     *
     * @param index 0 for the first frame
     * @return its counters and times
     * @throws IndexOutOfBoundsException if there is no such frame
     */
    public RecordedFrame frame(long index) {
        Place place = place(index);
        return RecordedFrame.of(chunk(place.file).row(place.row));
    }

    /**
     * Reads the pixels of a frame.
     *
     * @param index 0 for the first frame
     * @param target native memory of the size of one frame; may be shared memory
     * @throws IndexOutOfBoundsException if there is no such frame
     * @throws IllegalArgumentException if the target has another size
     * @throws IncompatibleException if the file is damaged, or is compressed and expands to more than the limit
     */
    public void read(long index, MemorySegment target) {
        if (target.byteSize() != frameBytes()) {
            throw new IllegalArgumentException(
                    "a frame of " + name + " has " + frameBytes() + " bytes, not " + target.byteSize());
        }
        Place place = place(index);
        chunk(place.file).read(place.row, target);
    }

    /**
     * Maps a frame, without a copy. That is possible where the file contains the elements as they are in memory: uint8
     * without compression.
     *
     * @param index 0 for the first frame
     * @param arena determines how long it is mapped
     * @return the frame, read-only; empty if it has to be read
     * @throws IndexOutOfBoundsException if there is no such frame
     */
    public Optional<MemorySegment> map(long index, Arena arena) {
        Place place = place(index);
        return chunk(place.file).map(place.row, 1, arena);
    }

    /**
     * The first frame that arrived at a time or later.
     *
     * @param timeNs nanoseconds since 1970-01-01 UTC
     * @return its index; {@link #frames()} if there is none
     */
    public long indexAt(long timeNs) {
        Place place = placeAt(timeNs);
        countUpToFile(place.file);
        return firstIndex[place.file] + place.row;
    }

    /**
     * When the first frame arrived.
     *
     * @return nanoseconds since 1970-01-01 UTC
     */
    public long startNs() {
        return first().frames() == 0 ? files.getFirst().startNs : first().row(0).arrivedNs();
    }

    /**
     * Writes some of the frames to a new FITS cube with the table of their counters and times. If the time of the first
     * one cannot be that of a frame, for example because its writer used the monotonic clock, there is no card
     * {@code DATE-OBS}, and {@code ACQTIME} is the time as stored.
     *
     * @param from index of the first one
     * @param to index after the last one
     * @param target the file, {@code .fits} or with compressed pixels {@code .fits.fz}; replaced if it exists
     * @return the number of frames written, and remarks
     * @throws IllegalArgumentException if there is no such frame
     * @throws org.shmrt.error.ShmException if the files cannot be read or written
     */
    public ExtractResult extract(long from, long to, Path target) {
        countUpTo(to);
        long available = firstIndex[counted];
        if (from < 0 || from >= to || to > available) {
            throw new IllegalArgumentException("cannot extract the frames " + from + " to " + to + " of " + name
                    + ": the recording has " + available + ", numbered from 0");
        }
        return copy(place(from), place(to - 1), target);
    }

    /**
     * Writes the frames of an interval of time to a new FITS cube. Takes time for the frames written only, not for the
     * length of the recording.
     *
     * @param fromNs start, nanoseconds since 1970-01-01 UTC, compared with the times of arrival
     * @param toNs end, exclusive
     * @param target the file, as in {@link #extract}
     * @return the number of frames written, and remarks
     * @throws IllegalArgumentException if there is no frame in the interval
     * @throws org.shmrt.error.ShmException if the files cannot be read or written
     */
    public ExtractResult extractTime(long fromNs, long toNs, Path target) {
        Place start = placeAt(fromNs);
        Place end = placeAt(toNs);
        if (distance(start, end) <= 0) {
            throw new IllegalArgumentException("no frame of " + name + " arrived in this interval of time");
        }
        Place last = end.row > 0 ? new Place(end.file, end.row - 1) : lastBefore(end.file);
        return copy(start, last, target);
    }

    private Place lastBefore(int file) {
        int before = file - 1;
        while (chunk(before).frames() == 0) {
            before--;
        }
        return new Place(before, chunk(before).frames() - 1);
    }

    private long distance(Place start, Place end) {
        long frames = end.row - start.row;
        for (int file = start.file; file < end.file; file++) {
            frames += chunk(file).frames();
        }
        return frames;
    }

    private ExtractResult copy(Place first, Place last, Path target) {
        List<Place> starts = new ArrayList<>();
        for (int file = first.file; file <= last.file; file++) {
            starts.add(new Place(file, file == first.file ? first.row : 0));
        }
        Iterable<CubeCopy.Part> parts = () -> starts.stream()
                .map(start -> {
                    FrameFile chunk = chunk(start.file);
                    long end = start.file == last.file ? last.row + 1 : chunk.frames();
                    return new CubeCopy.Part(chunk, start.row, end - start.row);
                })
                .iterator();
        FrameFile chunk = chunk(first.file);
        AcquisitionTime time = AcquisitionTime.of(chunk.row(first.row).acquiredNs(), chunk.cards());
        ChunkSpec spec = new ChunkSpec(
                chunk.type(), chunk.frameShape(), cardsFrom(chunk.cards(), chunk.row(first.row), time, parts));
        long frames = distance(first, last) + 1;
        CubeCopy copy = new CubeCopy(spec, parts, frames);
        Optional<String> ownerRemark = target.toString().endsWith(ChunkName.COMPRESSED) && CubeCopy.isCompressible(spec)
                ? copy.writeCompressed(target)
                : copy.writePlain(target);
        return new ExtractResult(
                frames,
                Stream.of(time.remark(), ownerRemark).flatMap(Optional::stream).toList());
    }

    /** The cards of a file, with those of its first frame and the number of lost frames replaced. */
    private static List<FitsCard> cardsFrom(
            List<FitsCard> ofFile, FrameRow row, AcquisitionTime time, Iterable<CubeCopy.Part> parts) {
        List<FitsCard> cards = new ArrayList<>(time.cards());
        cards.add(FitsCard.ofUnsigned("CNT0", row.cnt0(), "count of the frame"));
        cards.add(FitsCard.ofUnsigned("CNT1", row.cnt1(), ""));
        cards.add(FitsCard.ofUnsigned("CNT2", row.frameId(), ""));
        long lost = 0;
        for (CubeCopy.Part part : parts) {
            lost += part.chunk().lost(part.first(), part.count());
        }
        cards.add(ChunkSpec.lostCard(lost));
        cards.add(ChunkSpec.lostAtEndCard(0));
        ofFile.stream()
                .filter(card -> !card.name().matches("DATE-OBS|ACQTIME|ATIME|CNT[0-2]|NLOST|LOSTEND"))
                .forEach(cards::add);
        return cards;
    }

    /** The place of the first frame that arrived at a time or later, perhaps after the last one. */
    Place placeAt(long timeNs) {
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (files.get(middle).startNs <= timeNs) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        long row = chunk(low).firstAtOrAfter(timeNs);
        return row == chunk(low).frames() && low < files.size() - 1 ? new Place(low + 1, 0) : new Place(low, row);
    }

    private Place place(long index) {
        Objects.checkIndex(index, Long.MAX_VALUE);
        countUpTo(index + 1);
        if (index >= firstIndex[counted]) {
            throw new IndexOutOfBoundsException(
                    "frame " + index + " of " + name + ", which has " + firstIndex[counted] + " frames");
        }
        int at = Arrays.binarySearch(firstIndex, 0, counted + 1, index);
        int file = at >= 0 ? at : -at - 2;
        while (firstIndex[file + 1] == index) {
            file++; // a file without frames
        }
        return new Place(file, index - firstIndex[file]);
    }

    private void countUpTo(long frames) {
        while (counted < files.size() && firstIndex[counted] < frames) {
            firstIndex[counted + 1] = firstIndex[counted] + framesOf(counted);
            counted++;
        }
    }

    private void countUpToFile(int file) {
        while (counted < file) {
            firstIndex[counted + 1] = firstIndex[counted] + framesOf(counted);
            counted++;
        }
    }

    /** Frames of a file, which is not opened if its header is enough. */
    private long framesOf(int file) {
        return open.containsKey(file)
                ? chunk(file).frames()
                : ChunkFile.completeFrames(files.get(file).path, shape().rank())
                        .orElseGet(() -> chunk(file).frames());
    }

    /** How often a file was opened. */
    int openings() {
        return opened;
    }

    int fileCount() {
        return files.size();
    }

    private FrameFile first() {
        if (sample == null) {
            sample = FrameFile.open(files.getFirst().path).maxExpandedBytes(maxExpandedBytes);
        }
        return sample;
    }

    /** A file, open until some others were opened. */
    FrameFile chunk(int file) {
        FrameFile known = open.get(file);
        if (known != null) {
            return known;
        }
        if (open.size() == MAX_OPEN) {
            open.remove(open.keySet().iterator().next()).close();
        }
        FrameFile added = FrameFile.open(files.get(file).path).maxExpandedBytes(maxExpandedBytes);
        opened++;
        open.put(file, added);
        FrameFile expected = first();
        if (added.type() != expected.type() || !added.frameShape().equals(expected.frameShape())) {
            throw new IncompatibleException(FileNames.text(added.path()) + " has frames of " + added.frameShape() + " "
                    + added.type() + ", and the files before it have " + expected.frameShape() + " "
                    + expected.type() + ": open this file by its name");
        }
        if (file < counted && added.frames() < firstIndex[file + 1] - firstIndex[file]) {
            throw new IncompatibleException("cannot read " + FileNames.text(added.path()) + ": it has " + added.frames()
                    + " frames, and according to its header " + (firstIndex[file + 1] - firstIndex[file])
                    + "; the file is damaged");
        }
        return added;
    }

    void close() {
        open.values().forEach(FrameFile::close);
        open.clear();
        if (sample != null) {
            sample.close();
            sample = null;
        }
    }
}
