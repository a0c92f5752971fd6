package org.shmrt.web;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.memory.MemoryImage;
import org.shmrt.posix.Arenas;
import org.shmrt.web.frame.Feed;
import org.shmrt.web.frame.Frame;
import org.shmrt.web.frame.Streams;

/** Answers {@code /save?stream=NAME&as=png|fits|npy&slice=K} with a file of the newest frame. */
final class SavedFrame {
    private static final Map<String, String> TYPES =
            Map.of("png", "image/png", "fits", "application/fits", "npy", "application/octet-stream");
    /** Files that are written at the same time. */
    private static final int MAX_FILES = 2;

    private final Streams streams;
    private final Executor executor;
    private final Semaphore permits = new Semaphore(MAX_FILES);

    SavedFrame(Streams streams, Executor executor) {
        this.streams = streams;
        this.executor = executor;
    }

    void handle(Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        String name = query.getValue("stream");
        String as = query.getValue("as");
        String slice = query.getValue("slice");
        if (name == null || as == null || !TYPES.containsKey(as) || (slice != null && !slice.matches("[0-9]{0,9}"))) {
            Replies.error(response, 400, "give stream=NAME, as=png, fits or npy, and slice=K for one slice", callback);
            return;
        }
        if (!permits.tryAcquire()) {
            Replies.error(response, 503, "other frames are being saved: try again in a moment", callback);
            return;
        }
        int wanted = slice == null || slice.isEmpty() ? Frame.WHOLE : Integer.parseInt(slice);
        boolean head = request.getMethod().equals("HEAD");
        try {
            executor.execute(() -> {
                try {
                    save(name, as, wanted, head, response, callback);
                } finally {
                    permits.release();
                }
            });
        } catch (RejectedExecutionException e) {
            permits.release();
            Replies.error(response, 503, "the server is busy: try again in a moment", callback);
        }
    }

    private void save(String name, String as, int slice, boolean head, Response response, Callback callback) {
        try {
            Optional<Feed> feed = streams.feed(name);
            if (feed.isEmpty()) {
                Replies.error(response, 404, "there is no stream of this name", callback);
                return;
            }
            Optional<Frame> frame = feed.get().newest(slice);
            if (frame.isEmpty()) {
                Replies.error(response, 404, "the stream has no frame that can be read now", callback);
                return;
            }
            Arena arena = Arena.ofShared(); // the network threads write from it
            boolean written = false;
            try {
                write(frame.get(), name, as, slice, head, arena, response, callback);
                written = true;
            } finally {
                if (!written) {
                    Arenas.close(arena);
                }
            }
        } catch (ShmException | IllegalArgumentException e) {
            Replies.error(response, 409, "cannot save the frame: " + e.getMessage(), callback);
        } catch (IOException e) {
            Replies.error(response, 500, "cannot write a temporary file: " + e.getMessage(), callback);
        } catch (RuntimeException | Error e) {
            Replies.error(response, 500, "cannot save the frame: the server failed: " + e, callback);
        }
    }

    /** Writes the answer; closes the arena when it has left or has failed. */
    private static void write(
            Frame frame,
            String name,
            String as,
            int slice,
            boolean head,
            Arena arena,
            Response response,
            Callback callback)
            throws IOException {
        ByteBuffer bytes;
        try {
            bytes = file(frame, as, slice, arena);
        } finally {
            frame.release();
        }
        String count = Long.toUnsignedString(frame.stamp().count());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, TYPES.get(as));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
        response.getHeaders()
                .put(
                        HttpHeader.CONTENT_DISPOSITION,
                        "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + count
                                + (slice == Frame.WHOLE ? "" : "-" + slice) + "." + as + "\"");
        response.write(true, head ? null : bytes, Callback.from(callback, () -> Arenas.close(arena)));
    }

    /** The file in memory that is mapped from a deleted file, so that nothing remains whatever happens. */
    private static ByteBuffer file(Frame frame, String as, int slice, Arena arena) throws IOException {
        Path directory = Files.createTempDirectory("shm-view-"); // for its owner only
        Path file = directory.resolve("frame." + as);
        try {
            ImageFiles.write(file, new MemoryImage(frame.source().type(), frame.shape(slice), frame.pixels(slice)));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer();
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }
}
