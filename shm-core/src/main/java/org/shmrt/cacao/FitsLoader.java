package org.shmrt.cacao;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.text.FileNames;

/**
 * Loads FITS images into streams as cacao's {@code Fits2shm} does: only if something has changed since the last load.
 * The files under {@code conf/} and {@code loadedSM/}, from which scripts learn what happened, are the same.
 *
 * <p>The image is read completely before the stream is changed, so a damaged file leaves the stream and the files as they
 * were. Runs on one stream in one directory are serialised, across threads and processes. After a run that was killed,
 * the next run loads the image again.
 *
 * <p>Stateless; safe for any thread.
 */
public final class FitsLoader {
    private final LoadRequest request;
    private final StreamTarget target;
    private final LoadState state;

    private FitsLoader(LoadRequest request) {
        this.request = request;
        this.target = request.target();
        this.state = new LoadState(request.directory(), target.name());
    }

    /**
     * Loads an image if that is necessary. Blocks while another run works on the same stream, for up to a minute.
     *
     * @param request image, stream and mode
     * @return what happened, and why
     * @throws NotFoundException if the FITS file does not exist, or no conf file names one
     * @throws IncompatibleException if the FITS file is damaged or has no such image, the format of the stream cannot
     *     represent the image, or the file with the name of the stream is not a stream
     * @throws org.shmrt.error.BusyException if another program writes the stream, or another run does not end in time
     * @throws org.shmrt.error.NoSpaceException if there is no memory for a new stream
     * @throws org.shmrt.error.ShmException if a file cannot be written
     */
    public static LoadReport load(LoadRequest request) {
        FitsLoader loader = new FitsLoader(request);
        try {
            return loader.load();
        } catch (IllegalArgumentException e) {
            // not a mistake of the caller but the content of a file: a name in a conf file, or an image that the format
            // of the stream cannot represent
            throw new IncompatibleException(
                    "cannot load into " + FileNames.text(loader.target.file()) + ": " + e.getMessage(), e);
        }
    }

    private LoadReport load() {
        FitsOrigin fits = FitsOrigin.of(request.directory(), fitsName(), request.axes(), request.maxExpandedBytes());
        state.createDirectories();
        return FileMutex.during(
                state.lockFile(), () -> request.mode() == LoadRequest.Mode.RESET ? reset(fits) : loadIfChanged(fits));
    }

    private String fitsName() {
        return request.fits()
                .or(state::fitsName)
                .orElseThrow(() -> new NotFoundException("there is no file " + FileNames.text(state.nameFile())
                        + ": write the name of a FITS file into it, or give one"));
    }

    private LoadReport reset(FitsOrigin fits) {
        FitsOrigin.Loaded loaded = fits.read();
        if (FileId.exists(target.file())) {
            ImageStream.remove(target.file());
        }
        state.clear();
        return update(fits, loaded, List.of(Reason.RESET));
    }

    private LoadReport loadIfChanged(FitsOrigin fits) {
        String fitsInfo = fits.info();
        Optional<String> streamInfo = StreamState.of(target.file());
        List<Reason> reasons = new ArrayList<>();
        if (!state.fitsInfo().equals(Optional.of(fitsInfo))) {
            reasons.add(Reason.FITS_CHANGED);
        }
        if (streamInfo.isEmpty()) {
            reasons.add(Reason.STREAM_MISSING);
        } else if (!streamInfo.equals(state.streamInfo())) {
            reasons.add(Reason.STREAM_CHANGED);
        }
        if (request.mode() == LoadRequest.Mode.ALWAYS) {
            reasons.add(Reason.FORCED);
        }
        return reasons.isEmpty() ? keep(fits, fitsInfo, streamInfo.orElseThrow()) : update(fits, fits.read(), reasons);
    }

    private LoadReport keep(FitsOrigin fits, String fitsInfo, String streamInfo) {
        StreamInfo stream = StreamInfo.of(target.file());
        List<String> remarks = new ArrayList<>();
        writeState(fits, stream.layout().shape(), List.of(), remarks);
        state.writeInfo(fitsInfo, streamInfo);
        remarks.addAll(state.remarks());
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

    private LoadReport update(FitsOrigin fits, FitsOrigin.Loaded loaded, List<Reason> reasons) {
        StreamUpdater.Result result =
                new StreamUpdater(target.file(), loaded.image(), request.format(), request.layout()).update();
        List<String> remarks = new ArrayList<>(result.remarks());
        writeState(fits, result.layout().shape(), reasons, remarks);
        state.writeInfo(loaded.info(), result.streamInfo());
        remarks.addAll(state.remarks());
        return new LoadReport(
                target.file(),
                fits.name(),
                result.outcome(),
                reasons,
                result.layout().format(),
                result.layout().type(),
                result.layout().shape(),
                result.count(),
                result.keywords(),
                remarks);
    }

    private void writeState(FitsOrigin fits, Shape shape, List<Reason> reasons, List<String> remarks) {
        if (request.fits().isPresent()) {
            state.writeName(fits.name());
        }
        state.writeSize(shape);
        state.linkFits(fits.file()).ifPresent(remarks::add);
        state.writeMarks(reasons);
    }
}
