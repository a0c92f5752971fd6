package org.shmrt.camera.aravis;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.shmrt.bindings.aravis.Aravis;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.aravis.AravisLibrary.ErrorPlace;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;

/** An open camera: its features, and the size and type of its frames. For one thread at a time. */
final class AravisCamera implements AutoCloseable {
    private final String name;
    private final Arena arena;
    private final ErrorPlace error;
    private final MemorySegment region;
    private final long camera;
    private final boolean isGige;

    private AravisCamera(String name, Arena arena, ErrorPlace error, long camera) {
        this.name = name;
        this.arena = arena;
        this.error = error;
        this.camera = camera;
        this.region = arena.allocate(JAVA_INT, 4);
        this.isGige = Aravis.arv_camera_is_gv_device(camera) != 0;
    }

    /** Opens the camera of a name, an address or a serial number; with an empty text, the first one that answers. */
    static AravisCamera open(String name, String text) {
        Arena arena = Arena.ofShared();
        try {
            ErrorPlace error = new ErrorPlace(arena);
            long camera = Aravis.arv_camera_new(
                    text.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(text), error.segment());
            if (camera == 0) {
                error.check(name, "find the camera");
                throw new ShmException("cannot find the camera of " + name
                        + ": no camera answers; shm grab --list lists those that do");
            }
            error.check(name, "open the camera");
            return new AravisCamera(name, arena, error, camera);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** The cameras that answer, each as a name for {@link #open}, and what it is. */
    static List<String> list() {
        Aravis.arv_update_device_list();
        List<String> found = new ArrayList<>();
        int count = Aravis.arv_get_n_devices();
        for (int i = 0; i < count; i++) {
            found.add("arv:" + AravisLibrary.text(Aravis.arv_get_device_id(i)) + "  "
                    + AravisLibrary.text(Aravis.arv_get_device_vendor(i)) + " "
                    + AravisLibrary.text(Aravis.arv_get_device_model(i)) + ", "
                    + AravisLibrary.text(Aravis.arv_get_device_protocol(i)) + ", "
                    + AravisLibrary.text(Aravis.arv_get_device_address(i)));
        }
        return found;
    }

    String name() {
        return name;
    }

    boolean isGige() {
        return isGige;
    }

    /** Sets features, rate and the way of transport. */
    void configure(AravisSettings settings) {
        long device = Aravis.arv_camera_get_device(camera);
        try (Arena texts = Arena.ofConfined()) {
            for (String feature : settings.features()) {
                Aravis.arv_device_set_features_from_string(device, texts.allocateFrom(feature), error.segment());
                error.check(name, "set " + feature);
            }
        }
        if (settings.rateHz().isPresent()) {
            Aravis.arv_camera_set_frame_rate(camera, settings.rateHz().getAsDouble(), error.segment());
            error.check(name, "set the frame rate");
        }
        if (isGige) {
            Aravis.arv_camera_gv_set_stream_options(
                    camera,
                    settings.packetSocket() == AravisSettings.PacketSocket.ON
                            ? 0
                            : Aravis.ARV_GV_STREAM_OPTION_PACKET_SOCKET_DISABLED());
            if (settings.packetSize().isPresent()) {
                Aravis.arv_camera_gv_set_packet_size(
                        camera, settings.packetSize().getAsInt(), error.segment());
                error.check(name, "set the packet size");
            }
        } else if (settings.packetSize().isPresent()) {
            throw new IllegalArgumentException(name + " is not a GigE camera: leave out packet-size");
        }
    }

    /** What the camera sends. */
    PixelCode pixelCode() {
        int code = Aravis.arv_camera_get_pixel_format(camera, error.segment());
        error.check(name, "read the pixel format");
        return PixelCode.find(code).orElseThrow(() -> {
            MemorySegment text = Aravis.arv_camera_get_pixel_format_as_string(camera, error.segment());
            String known = error.isFailure() ? "" : AravisLibrary.text(text) + ", ";
            return new IncompatibleException(name + " sends pixels of the format " + known + "0x"
                    + Integer.toHexString(code) + ", which ShmRT cannot read: set one of " + PixelCode.names()
                    + " by --set PixelFormat=...");
        });
    }

    int width() {
        return regionWord(2, "width");
    }

    int height() {
        return regionWord(3, "height");
    }

    private int regionWord(int index, String what) {
        Aravis.arv_camera_get_region(
                camera, region, region.asSlice(4), region.asSlice(8), region.asSlice(12), error.segment());
        error.check(name, "read the " + what);
        return region.getAtIndex(JAVA_INT, index);
    }

    FrameFormat format(PixelCode code) {
        double rateHz = Aravis.arv_camera_get_frame_rate(camera, error.segment());
        OptionalDouble known = error.isFailure() || !(rateHz > 0) || rateHz > 1e9
                ? OptionalDouble.empty() // a triggered camera may have no such feature
                : OptionalDouble.of(rateHz);
        int width = width();
        int height = height();
        if (width < 1 || height < 1) {
            throw new ShmException(
                    name + " sends frames of " + height + "x" + width + " pixels: set its Width and Height");
        }
        return code.format(width, height, known);
    }

    /** Bytes of a frame with everything that is sent after the pixels. */
    long payloadBytes() {
        long bytes = Integer.toUnsignedLong(Aravis.arv_camera_get_payload(camera, error.segment()));
        error.check(name, "read the payload size");
        return bytes;
    }

    /** Creates the receiver of frames. */
    long createStream() {
        long stream = Aravis.arv_camera_create_stream(camera, MemorySegment.NULL, MemorySegment.NULL, error.segment());
        error.check(name, "create the receiver");
        if (stream == 0) {
            throw new ShmException("cannot create the receiver of " + name + ": the library gave no reason");
        }
        return stream;
    }

    void start() {
        Aravis.arv_camera_start_acquisition(camera, error.segment());
        error.check(name, "start the acquisition");
    }

    /** Stops, if the camera still answers. */
    void stop() {
        Aravis.arv_camera_stop_acquisition(camera, error.segment());
        boolean ignored = error.isFailure();
    }

    /** Whether the camera still answers. */
    boolean isConnected() {
        if (isGige) {
            return Aravis.arv_gv_device_is_controller(Aravis.arv_camera_get_device(camera)) != 0;
        }
        Aravis.arv_camera_get_payload(camera, error.segment());
        return !error.isFailure();
    }

    @Override
    public void close() {
        Aravis.g_object_unref(camera);
        arena.close();
    }
}
