/**
 * ShmRT: image streams, arrays and blocks in shared memory for real-time programs, and the {@code shm} command. Start with
 * {@link org.shmrt.stream.ImageStream}, {@link org.shmrt.array.SharedArray} and {@link org.shmrt.block.SharedMemory}.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic", "module"
}) // Agrona and others are automatic modules; org.shmrt.bench is compiled after this module
module org.shmrt.core {
    requires java.logging;
    requires org.shmrt.bindings;
    requires transitive org.agrona;
    requires jdk.jfr;
    requires static info.picocli;
    requires static com.google.gson;
    requires static HdrHistogram;
    requires static nom.tam.fits;
    requires static io.prometheus.metrics.config;
    requires static io.prometheus.metrics.model;
    requires static io.prometheus.writer.text;
    requires static org.eclipse.jetty.server;
    requires static org.eclipse.jetty.websocket.server;
    requires static org.jline.terminal;
    requires static io.aeron.client;
    requires static io.aeron.driver;
    requires static java.desktop;
    requires static java.management;
    requires static jdk.httpserver;
    requires static jdk.management;

    exports org.shmrt.array;
    exports org.shmrt.block;
    exports org.shmrt.cacao;
    exports org.shmrt.camera;
    exports org.shmrt.error;
    exports org.shmrt.fits;
    exports org.shmrt.fits.card;
    exports org.shmrt.image;
    exports org.shmrt.math;
    exports org.shmrt.memory;
    exports org.shmrt.posix to
            org.shmrt.bench;
    exports org.shmrt.posix.thread to
            org.shmrt.bench;
    exports org.shmrt.process to
            org.shmrt.bench;
    exports org.shmrt.record;
    exports org.shmrt.record.service;
    exports org.shmrt.runtime;
    exports org.shmrt.stream;
    exports org.shmrt.stream.convert;
    exports org.shmrt.stream.format;
    exports org.shmrt.stream.inspect;
    exports org.shmrt.stream.keyword;
    exports org.shmrt.telemetry;
    exports org.shmrt.web to
            org.eclipse.jetty.websocket.common;

    uses org.shmrt.camera.FrameSource.Provider;
    uses org.shmrt.image.ImageFormat;
    uses org.shmrt.relay.link.FrameEngine.Provider;
    uses org.shmrt.stream.format.StreamFormat;

    provides org.shmrt.camera.FrameSource.Provider with
            org.shmrt.camera.aravis.AravisProvider,
            org.shmrt.camera.file.FileProvider,
            org.shmrt.camera.packet.UdpProvider,
            org.shmrt.camera.program.FfmpegProvider,
            org.shmrt.camera.program.GstProvider,
            org.shmrt.camera.sim.SimProvider;
    provides org.shmrt.image.ImageFormat with
            org.shmrt.fits.provider.FitsFormat;
    provides org.shmrt.relay.link.FrameEngine.Provider with
            org.shmrt.relay.aeron.AeronProvider;
    provides org.shmrt.stream.format.StreamFormat with
            org.shmrt.stream.format.dao.DaoFormat,
            org.shmrt.stream.format.milk.MilkFormat;
}
