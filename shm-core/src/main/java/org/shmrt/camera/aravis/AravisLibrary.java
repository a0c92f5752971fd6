package org.shmrt.camera.aravis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.shmrt.bindings.aravis.Aravis;
import org.shmrt.bindings.aravis.arv_error;
import org.shmrt.error.ShmException;

/** The library: whether it can be loaded, its texts, and its errors. */
final class AravisLibrary {
    private static final String FILE = "libaravis-0.8.so.0";
    private static final int MAX_TEXT = 4096;

    private AravisLibrary() {}

    /**
     * Loads the library, once in a process.
     *
     * @param what what it is needed for
     * @throws ShmException if it is not installed, or native access is not permitted
     */
    @SuppressWarnings("restricted")
    static void load(String what) {
        try {
            SymbolLookup.libraryLookup(FILE, Arena.global());
            Aravis.ARV_BUFFER_STATUS_SUCCESS(); // initialises the bindings
        } catch (IllegalCallerException e) {
            throw new ShmException(
                    "cannot open " + what + ": this JVM does not permit native access: add"
                            + " --enable-native-access=ALL-UNNAMED (or =org.shmrt.core,org.shmrt.bindings on the module"
                            + " path)",
                    e);
        } catch (IllegalArgumentException e) {
            throw new ShmException(
                    "cannot open " + what + ": " + FILE
                            + " is not installed: install it, for example the Debian package libaravis-0.8-0",
                    e);
        }
    }

    /** A text that the library returned; empty if it returned none. */
    @SuppressWarnings("restricted")
    static String text(MemorySegment pointer) {
        if (pointer.address() == 0) {
            return "";
        }
        MemorySegment bytes = pointer.reinterpret(MAX_TEXT);
        int length = 0;
        while (length < MAX_TEXT && bytes.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        // Of a camera: it may contain anything.
        return new String(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", "?");
    }

    /** The place of an error, which each call gets. */
    static final class ErrorPlace {
        private final MemorySegment place;

        ErrorPlace(Arena arena) {
            place = arena.allocate(ValueLayout.ADDRESS);
        }

        MemorySegment segment() {
            return place;
        }

        /**
         * Checks after a call whether it has failed, and frees the error.
         *
         * @throws ShmException if it has failed
         */
        void check(String source, String doing) {
            String message = take();
            if (message != null) {
                throw new ShmException("cannot " + doing + " of " + source + ": " + message);
            }
        }

        /** Whether the call before has failed. Frees its error. */
        boolean isFailure() {
            return take() != null;
        }

        @SuppressWarnings("restricted")
        private String take() {
            long error = place.get(ValueLayout.JAVA_LONG, 0);
            if (error == 0) {
                return null;
            }
            place.set(ValueLayout.JAVA_LONG, 0, 0);
            MemorySegment fields = MemorySegment.ofAddress(error).reinterpret(arv_error.sizeof());
            String message = text(arv_error.message(fields));
            Aravis.g_error_free(error);
            return message;
        }
    }
}
