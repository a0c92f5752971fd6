package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.shmrt.memory.Shape;

/**
 * The files that tell what a stream was loaded from, with the names and meanings of cacao's {@code Fits2shm}, under the
 * directory a run works in. For one run at a time.
 */
final class LoadState {
    private static final List<String> LOADED = List.of(
            "FITSinfo",
            "FITSinfo.old",
            "FITSsame",
            "FITSchanged",
            "SMinfo",
            "SMinfo.old",
            "SMsame",
            "SMchanged",
            "imsize",
            "new",
            "kept",
            "missing");

    private final Path conf;
    private final Path loaded;
    private final String name;

    LoadState(Path directory, String name) {
        this.conf = directory.resolve("conf");
        this.loaded = directory.resolve("loadedSM");
        this.name = name;
    }

    void makeDirectories() {
        WorkFiles.makeDirectory(conf);
        WorkFiles.makeDirectory(loaded);
    }

    /** What runs that work on this stream lock. */
    Path lockFile() {
        return loaded.resolve("." + name + ".lock");
    }

    Path nameFile() {
        return conf.resolve("shmim_" + name + ".name.txt");
    }

    /** The FITS file's name, of the file of either spelling, or null. */
    String fitsNameOrNull() {
        return WorkFiles.firstLineOrNull(nameFile(), conf.resolve("shmim." + name + ".name.txt"));
    }

    /** What is noted of the FITS file that was loaded last; null if nothing. */
    String fitsInfo() {
        return WorkFiles.readOrNull(loaded("FITSinfo"));
    }

    /** What is noted of the stream as the last load left it; null if nothing. */
    String streamInfo() {
        return WorkFiles.readOrNull(loaded("SMinfo"));
    }

    /** Removes everything but the name of the FITS file, which the next run with {@code -c} needs. */
    void clear() {
        // First what would let a run that comes after a broken-off one keep a stream.
        LOADED.forEach(suffix -> WorkFiles.remove(loaded(suffix)));
        WorkFiles.remove(sizeFile());
        if (Files.isSymbolicLink(fitsLink())) {
            WorkFiles.remove(fitsLink());
        }
    }

    void writeName(String fits) {
        WorkFiles.write(nameFile(), fits + "\n");
    }

    /**
     * Links to the FITS file, unless there is a file in the link's place: that may be the only copy of an image.
     *
     * @return a remark on that, or null
     */
    String linkFits(Path fits) {
        if (Files.exists(fitsLink(), LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(fitsLink())) {
            return fitsLink() + " is a file and was left alone";
        }
        WorkFiles.link(fitsLink(), fits);
        return null;
    }

    /** Notes the size of the image, as {@link #size} has it. */
    void writeSize(Shape shape) {
        WorkFiles.write(loaded("imsize"), size(shape));
        WorkFiles.write(sizeFile(), size(shape));
    }

    /**
     * An image's size as milk's {@code readshmimsize} writes it: axis lengths, fastest first (NAXIS1, NAXIS2), each
     * with a blank behind it.
     */
    static String size(Shape shape) {
        StringBuilder text = new StringBuilder();
        for (long length : shape.reversed().lengths()) {
            text.append(length).append(' ');
        }
        return text.append('\n').toString();
    }

    /** Says by marks what this run found and did. */
    void writeMarks(boolean fitsChanged, boolean streamChanged, boolean missing, boolean kept) {
        mark(fitsChanged, "FITSchanged", "FITSsame");
        mark(streamChanged, "SMchanged", "SMsame");
        mark(!kept, "new", "kept");
        if (missing) {
            WorkFiles.write(loaded("missing"), "");
        } else {
            WorkFiles.remove(loaded("missing"));
        }
    }

    private void mark(boolean first, String one, String other) {
        WorkFiles.mark(loaded(first ? one : other), loaded(first ? other : one));
    }

    /**
     * Notes what FITS file and stream are now. Comes last: a run that is broken off before has noted nothing that would
     * let the next one keep the stream.
     */
    void writeInfo(String fits, String stream) {
        rotate("FITSinfo", fits);
        rotate("SMinfo", stream);
    }

    private void rotate(String suffix, String text) {
        String previous = WorkFiles.readOrNull(loaded(suffix));
        if (previous == null) {
            WorkFiles.remove(loaded(suffix + ".old"));
        } else {
            WorkFiles.write(loaded(suffix + ".old"), previous);
        }
        WorkFiles.write(loaded(suffix), text);
    }

    private Path sizeFile() {
        return conf.resolve("shmim_" + name + ".imsize.txt");
    }

    private Path fitsLink() {
        return conf.resolve("shmim_" + name + ".fits");
    }

    private Path loaded(String suffix) {
        return loaded.resolve(name + "." + suffix);
    }
}
