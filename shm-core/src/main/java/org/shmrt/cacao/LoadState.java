package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.files.OutputFile;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;

/**
 * The files that record what a stream was loaded from, with the names and meanings of cacao's {@code Fits2shm}, in a
 * working directory. For one run at a time.
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
    private final List<String> remarks = new ArrayList<>();

    LoadState(Path directory, String name) {
        this.conf = directory.resolve("conf");
        this.loaded = directory.resolve("loadedSM");
        this.name = name;
    }

    void createDirectories() {
        WorkFiles.createDirectory(conf);
        WorkFiles.createDirectory(loaded);
    }

    /** The file that serialises runs on this stream. */
    Path lockFile() {
        return loaded.resolve("." + name + ".lock");
    }

    Path nameFile() {
        return conf.resolve("shmim_" + name + ".name.txt");
    }

    /** The name of the FITS file in the conf file, which has one of two names; empty if neither exists. */
    Optional<String> fitsName() {
        return WorkFiles.firstLine(nameFile(), conf.resolve("shmim." + name + ".name.txt"));
    }

    /** The recorded state of the last loaded FITS file. */
    Optional<String> fitsInfo() {
        return WorkFiles.read(loaded("FITSinfo"));
    }

    /** The recorded state of the stream after the last load. */
    Optional<String> streamInfo() {
        return WorkFiles.read(loaded("SMinfo"));
    }

    /** Removes all files except the one with the name of the FITS file, which the next run with {@code -c} needs. */
    void clear() {
        // First the files by which a run after an aborted one would keep a stream.
        LOADED.forEach(suffix -> WorkFiles.remove(loaded(suffix)));
        WorkFiles.remove(sizeFile());
        if (Files.isSymbolicLink(fitsLink())) {
            WorkFiles.remove(fitsLink());
        }
    }

    void writeName(String fits) {
        write(nameFile(), fits + "\n");
    }

    /**
     * Creates a link to the FITS file. A regular file in place of the link is not changed: it may be the only copy of
     * an image.
     *
     * @return a remark for the user if there is such a file, or the link belonged to another user
     */
    Optional<String> linkFits(Path fits) {
        if (Files.exists(fitsLink(), LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(fitsLink())) {
            return Optional.of(FileNames.text(fitsLink()) + " is a file and was left alone");
        }
        return OutputFile.writeLink(fitsLink(), fits).map(remark -> FileNames.text(fitsLink()) + ": " + remark);
    }

    /** Records the size of the image in the form of {@link #size}. */
    void writeSize(Shape shape) {
        write(loaded("imsize"), size(shape));
        write(sizeFile(), size(shape));
    }

    /**
     * The size of an image in the form of milk's {@code readshmimsize}: axis lengths, fastest first (NAXIS1, NAXIS2),
     * each followed by a blank.
     */
    static String size(Shape shape) {
        StringBuilder text = new StringBuilder();
        for (long length : shape.reversed().lengths()) {
            text.append(length).append(' ');
        }
        return text.append('\n').toString();
    }

    /** Records by marker files why the image was loaded; without reasons, the stream was kept. */
    void writeMarks(List<Reason> reasons) {
        boolean reset = reasons.contains(Reason.RESET);
        boolean missing = reset || reasons.contains(Reason.STREAM_MISSING);
        if (reset || reasons.contains(Reason.FITS_CHANGED)) {
            mark("FITSchanged", "FITSsame");
        } else {
            mark("FITSsame", "FITSchanged");
        }
        if (missing || reasons.contains(Reason.STREAM_CHANGED)) {
            mark("SMchanged", "SMsame");
        } else {
            mark("SMsame", "SMchanged");
        }
        if (reasons.isEmpty()) {
            mark("kept", "new");
        } else {
            mark("new", "kept");
        }
        if (missing) {
            write(loaded("missing"), "");
        } else {
            WorkFiles.remove(loaded("missing"));
        }
    }

    private void mark(String present, String absent) {
        WorkFiles.mark(loaded(present), loaded(absent)).ifPresent(remarks::add);
    }

    /**
     * Records the state of FITS file and stream. Must come last, so that after an aborted run the next one does not
     * keep the stream.
     */
    void writeInfo(String fits, String stream) {
        rotate("FITSinfo", fits);
        rotate("SMinfo", stream);
    }

    private void rotate(String suffix, String text) {
        WorkFiles.read(loaded(suffix))
                .ifPresentOrElse(
                        previous -> write(loaded(suffix + ".old"), previous),
                        () -> WorkFiles.remove(loaded(suffix + ".old")));
        write(loaded(suffix), text);
    }

    private void write(Path file, String text) {
        WorkFiles.write(file, text).ifPresent(remarks::add);
    }

    /** Remarks about the files written so far: whose owner has changed. */
    List<String> remarks() {
        return List.copyOf(remarks);
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
