/**
 * Shared-memory image streams and arrays for real-time programs: ShmRT's library and its {@code shm} command.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Agrona's and others' jars
module org.shmrt.core {
    requires java.logging;
    requires org.shmrt.bindings;
    requires transitive org.agrona;
    requires static info.picocli;
    requires static com.google.gson;
    requires static HdrHistogram;
    requires static nom.tam.fits;
    requires static java.desktop;

    exports org.shmrt.array;
    exports org.shmrt.block;
    exports org.shmrt.cacao;
    exports org.shmrt.error;
    exports org.shmrt.fits;
    exports org.shmrt.image;
    exports org.shmrt.memory;
    exports org.shmrt.posix;
    exports org.shmrt.stream;
    exports org.shmrt.stream.layout;

    uses org.shmrt.image.ImageFormat;
    uses org.shmrt.stream.StreamFormat;

    provides org.shmrt.image.ImageFormat with
            org.shmrt.fits.FitsFormat;
    provides org.shmrt.stream.StreamFormat with
            org.shmrt.stream.dao.DaoFormat,
            org.shmrt.stream.milk.MilkFormat;
}
