package org.shmrt.screen;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;
import org.shmrt.error.ShmException;

/**
 * The terminal of this process: its size, its keys and its raw mode. {@link #close} restores it. For one thread. The
 * only class that uses JLine.
 */
public final class TerminalDevice implements AutoCloseable, KeyDecoder.Input {
    /** Another screen, no cursor, no line wrap. */
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";

    private static final String LEAVE = "\033[0m\033[?7h\033[?25h\033[?1049l";
    private static final int DEFAULT_WIDTH = 80;
    private static final int DEFAULT_HEIGHT = 24;

    private final Terminal terminal;
    private final InputStream in = new FileInputStream(FileDescriptor.in);
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Charset charset = System.out.charset();
    private Attributes original;
    private volatile boolean resumed;

    private TerminalDevice() throws IOException {
        // The exec provider starts stty for each question; the other one needs native access.
        boolean isNative = TerminalDevice.class.getModule().isNativeAccessEnabled();
        terminal = TerminalBuilder.builder()
                .system(true)
                .provider(isNative ? "ffm" : "exec")
                .dumb(false)
                .nativeSignals(false) // the JVM keeps its handlers, so that a signal runs the shutdown hooks
                .build();
    }

    /**
     * The size of a terminal.
     *
     * @param width columns
     * @param height rows
     */
    public record Dimensions(int width, int height) {}

    /**
     * Opens the terminal behind standard input and output, and changes nothing.
     *
     * @param doing what needs it, for the message
     * @throws ShmException if JLine is not on the class path, or there is no terminal
     */
    public static TerminalDevice open(String doing) {
        try {
            return new TerminalDevice();
        } catch (NoClassDefFoundError e) {
            throw new ShmException(
                    doing + " needs the library JLine, which is not on the class path: add it (Maven:"
                            + " org.jline:jline-terminal-ffm), or use --once",
                    e);
        } catch (IOException | IllegalStateException e) {
            throw new ShmException(
                    doing + " cannot control the terminal (" + e.getMessage()
                            + "): run it in a terminal, or use --once",
                    e);
        }
    }

    /** Switches to another screen and to keys that are delivered at once and not shown. */
    public void enterFullScreen() {
        original = enterRawMode();
        // After Ctrl-Z and fg, the shell has changed the modes and the screen.
        terminal.handle(Terminal.Signal.CONT, signal -> resumed = true);
        write(ENTER);
    }

    /** Raw mode in which Ctrl-C is a signal, and Ctrl-Z nothing: it would leave the screen to the shell. */
    private Attributes enterRawMode() {
        Attributes before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, true);
        raw.setControlChar(Attributes.ControlChar.VSUSP, 0);
        terminal.setAttributes(raw);
        return before;
    }

    /** Whether the program was stopped and continued since the last call: then everything must be drawn again. */
    public boolean wasResumed() {
        if (!resumed) {
            return false;
        }
        resumed = false;
        enterRawMode();
        write(ENTER);
        return true;
    }

    /** The size now; 80x24 if the terminal does not report one. */
    public Dimensions size() {
        Size size = terminal.getSize();
        return size.getColumns() <= 0 || size.getRows() <= 0
                ? new Dimensions(DEFAULT_WIDTH, DEFAULT_HEIGHT)
                : new Dimensions(size.getColumns(), size.getRows());
    }

    @Override
    public int read(long timeoutMs) {
        try {
            int read = terminal.reader().read(timeoutMs);
            return read == NonBlockingReader.READ_EXPIRED ? TIMED_OUT : read;
        } catch (IOException e) {
            return CLOSED;
        }
    }

    /** JLine reads in a thread of its own, one character at a time: the rest is still in the terminal's queue. */
    @Override
    public boolean isPending() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes text and control sequences. */
    public void write(CharSequence text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            out.write(text.toString().getBytes(charset));
        } catch (IOException e) {
            throw new ShmException("cannot write to the terminal: " + e.getMessage(), e);
        }
    }

    /** Restores the modes and the screen that the terminal had. */
    @Override
    public void close() {
        try {
            if (original != null) {
                write(LEAVE);
                restoreModes();
            }
        } finally {
            closeTerminal();
        }
    }

    private void restoreModes() {
        try {
            terminal.setAttributes(original);
        } catch (IOError e) {
            // JLine restores them, too, when a signal ends the JVM, and has closed the terminal already
        }
    }

    private void closeTerminal() {
        try {
            terminal.close();
        } catch (IOException e) {
            // its modes have been restored
        }
    }
}
