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
                Runnable answer;
                try {
                    answer = answer(name, as, wanted, head, response, callback);
                } finally {
                    permits.release();
                }
                answer.run(); // afterwards: who has the answer may ask for the next file
            });
        } catch (RejectedExecutionException e) {
            permits.release();
            Replies.error(response, 503, "the server is busy: try again in a moment", callback);
        }
    }

    /** Writes the file, and returns what sends it, or the error. */
    private Runnable answer(String name, String as, int slice, boolean head, Response response, Callback callback) {
        try {
            Optional<Feed> feed = streams.feed(name);
            if (feed.isEmpty()) {
                return () -> Replies.error(response, 404, "there is no stream of this name", callback);
            }
            Optional<Frame> frame = feed.get().newest(slice);
            if (frame.isEmpty()) {
                return () -> Replies.error(response, 404, "the stream has no frame that can be read now", callback);
            }
            Frame newest = frame.get();
            try {
                return file(newest, name, as, slice, head, response, callback);
            } finally {
                newest.release();
            }
        } catch (ShmException | IllegalArgumentException e) {
            return () -> Replies.error(response, 409, "cannot save the frame: " + e.getMessage(), callback);
        } catch (IOException e) {
            return () -> Replies.error(response, 500, "cannot write a temporary file: " + e.getMessage(), callback);
        } catch (RuntimeException | Error e) {
            return () -> failed(e, response, callback);
        }
    }

    private static Runnable file(
            Frame frame, String name, String as, int slice, boolean head, Response response, Callback callback)
            throws IOException {
        String count = Long.toUnsignedString(frame.stamp().count());
        String fileName = name.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + count
                + (slice == Frame.WHOLE ? "" : "-" + slice) + "." + as;
        Arena arena = Arena.ofShared(); // the network threads write from it
        boolean written = false;
        try {
            ByteBuffer bytes = mapped(frame, as, slice, arena);
            written = true;
            return () -> send(bytes, TYPES.get(as), fileName, head, arena, response, callback);
        } finally {
            if (!written) {
                Arenas.close(arena);
            }
        }
    }

    private static void failed(Throwable failure, Response response, Callback callback) {
        Replies.error(response, 500, "cannot save the frame: the server failed: " + failure, callback);
    }

    /** Sends a file; closes the arena when it has left or has failed. */
    private static void send(
            ByteBuffer bytes,
            String type,
            String fileName,
            boolean head,
            Arena arena,
            Response response,
            Callback callback) {
        boolean sent = false;
        try {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
            response.getHeaders().put(HttpHeader.CONTENT_DISPOSITION, "attachment; filename=\"" + fileName + "\"");
            response.write(true, head ? null : bytes, Callback.from(callback, () -> Arenas.close(arena)));
            sent = true;
        } catch (RuntimeException | Error e) {
            failed(e, response, callback);
        } finally {
            if (!sent) {
                Arenas.close(arena);
            }
        }
    }

    /** The file in memory that is mapped from a deleted file, so that nothing remains whatever happens. */
    private static ByteBuffer mapped(Frame frame, String as, int slice, Arena arena) throws IOException {
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
