package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Loads FITS images into streams as cacao's {@code Fits2shm} does: only if something has changed since the last load,
 * and with the same files under {@code conf/} and {@code loadedSM/}, by which scripts tell what happened.
 *
 * <p>The image is read whole before the stream is touched, so a damaged file leaves the stream and the files as they
 * were. Runs on one stream in one directory come one after the other, in threads and in processes. A run that is killed
 * leaves files by which the next one loads anew.
 *
 * <p>Stateless; safe for any thread.
 */
public final class FitsLoader {
    private final LoadRequest request;
    private final StreamTarget target;
    private final LoadState books;

    private FitsLoader(LoadRequest request) {
        this.request = request;
        this.target = StreamTarget.of(request.stream(), request.prefix()).in(request.directory());
        this.books = new LoadState(request.directory(), target.name());
    }

    /**
     * Loads an image, or finds that there is no need to.
     *
     * @param request what to load where
     * @return what was done, and why
     * @throws NotFoundException if there is no such FITS file, or no conf file that names one
     * @throws IncompatibleException if the FITS file is damaged or holds no such image, the stream's format cannot hold
     *     it, or what has the stream's name is no stream
     * @throws org.shmrt.error.BusyException if another writer is at the stream, or another run does not come to its end
     * @throws org.shmrt.error.NoSpaceException if the memory of a new stream cannot be reserved
     * @throws org.shmrt.error.ShmException if a file cannot be written
     * @throws IllegalArgumentException if the stream's name or prefix can be none
     */
    public static LoadReport load(LoadRequest request) {
        FitsLoader loader = new FitsLoader(request);
        try {
            return loader.load();
        } catch (IllegalArgumentException e) {
            // not the caller's mistake but what a file says: a format that cannot hold the image, a name in a conf file
            throw new IncompatibleException("cannot load into " + loader.target.file() + ": " + e.getMessage(), e);
        }
    }

    private LoadReport load() {
        FitsOrigin fits = FitsOrigin.of(request.directory(), fitsName());
        books.makeDirectories();
        return FileMutex.during(books.lockFile(), () -> request.reset() ? reset(fits) : decide(fits));
    }

    private String fitsName() {
        if (request.fits() != null) {
            return request.fits();
        }
        String name = books.fitsNameOrNull();
        if (name == null) {
            throw new NotFoundException("there is no file " + books.nameFile() + ": write the name of a FITS file into "
                    + "it, or give one");
        }
        return name;
    }

    private LoadReport reset(FitsOrigin fits) {
        FitsOrigin.Loaded loaded = fits.read();
        if (FileId.exists(target.file())) {
            ImageStream.remove(target.file());
        }
        books.clear();
        return feed(fits, loaded, new Findings(true, true, true), List.of(Reason.RESET));
    }

    private record Findings(boolean fitsChanged, boolean streamChanged, boolean missing) {}

    private LoadReport decide(FitsOrigin fits) {
        String info = fits.info();
        String state = StreamState.ofOrNull(target.file());
        boolean missing = state == null;
        Findings found =
                new Findings(!info.equals(books.fitsInfo()), missing || !state.equals(books.streamInfo()), missing);
        List<Reason> reasons = new ArrayList<>();
        addIf(reasons, found.fitsChanged(), Reason.FITS_CHANGED);
        addIf(reasons, found.streamChanged() && !missing, Reason.STREAM_CHANGED);
        addIf(reasons, missing, Reason.STREAM_MISSING);
        addIf(reasons, request.force(), Reason.FORCED);
        return reasons.isEmpty() ? keep(fits, info, state) : feed(fits, fits.read(), found, reasons);
    }

    private static void addIf(List<Reason> reasons, boolean holds, Reason reason) {
        if (holds) {
            reasons.add(reason);
        }
    }

    private LoadReport keep(FitsOrigin fits, String info, String state) {
        StreamInfo stream = StreamInfo.of(target.file());
        List<String> remarks = new ArrayList<>();
        writeBooks(fits, stream.layout().shape(), new Findings(false, false, false), true, remarks);
        books.writeInfo(info, state);
        return new LoadReport(
                target.file(),
                fits.name(),
                Outcome.KEPT,
                List.of(),
                stream.layout().format(),
                stream.layout().type(),
                stream.layout().shape(),
                stream.status().cnt0(),
                0,
                remarks);
    }

    private LoadReport feed(FitsOrigin fits, FitsOrigin.Loaded loaded, Findings found, List<Reason> reasons) {
        StreamUpdater feed = new StreamUpdater(target.file(), loaded.image());
        feed.run(request.format() != null ? request.format() : newFormat(target.file()));
        List<String> remarks = feed.remarks();
        writeBooks(fits, feed.layout().shape(), found, false, remarks);
        books.writeInfo(loaded.info(), feed.state());
        return new LoadReport(
                target.file(),
                fits.name(),
                feed.outcome(),
                reasons,
                feed.layout().format(),
                feed.layout().type(),
                feed.layout().shape(),
                feed.count(),
                feed.keywordsSet(),
                remarks);
    }

    private void writeBooks(FitsOrigin fits, Shape shape, Findings found, boolean kept, List<String> remarks) {
        if (request.fits() != null) {
            books.writeName(fits.name());
        }
        books.writeSize(shape);
        String remark = books.linkFits(fits.file());
        if (remark != null) {
            remarks.add(remark);
        }
        books.writeMarks(found.fitsChanged(), found.streamChanged(), found.missing(), kept);
    }

    private static String newFormat(Path file) {
        return StreamDirectory.isMilk(file.toAbsolutePath().getParent()) ? "milk" : "dao";
    }
}
