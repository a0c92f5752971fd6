package org.shmrt.bench.rig.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.bench.rig.scenario.Transport;

/** The original libraries, where the environment says they are. */
public final class RealLibraries {
    private static final String DAO_VARIABLE = "SHMRT_DAO_REAL";
    private static final String DAO_FILE = "libdao.so";
    private static final String MILK_VARIABLE = "SHMRT_MILK_REAL";
    private static final String MILK_FILE = "libImageStreamIO.so";

    private RealLibraries() {}

    /** The library that an exchange of that kind needs. */
    static Optional<Path> of(Transport kind) {
        boolean isDao = kind == Transport.C_DAO_REAL;
        String directory = System.getenv(isDao ? DAO_VARIABLE : MILK_VARIABLE);
        return Optional.ofNullable(directory)
                .map(Path::of)
                .map(path -> path.resolve(isDao ? DAO_FILE : MILK_FILE).toAbsolutePath())
                .filter(Files::isReadable);
    }

    /** Why an exchange of that kind cannot be measured, or null. */
    public static String whyNot(Transport kind) {
        if ((kind != Transport.C_DAO_REAL && kind != Transport.C_MILK_REAL) || of(kind).isPresent()) {
            return null;
        }
        return kind == Transport.C_DAO_REAL
                ? DAO_VARIABLE + " names no directory with DAO's own " + DAO_FILE
                : MILK_VARIABLE + " names no directory with milk's own " + MILK_FILE;
    }
}
