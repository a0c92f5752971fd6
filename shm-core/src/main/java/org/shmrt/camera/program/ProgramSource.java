package org.shmrt.camera.program;

import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.file.ByteInput;
import org.shmrt.camera.file.PipeSource;

/** The frames that a program writes to its standard output. */
abstract class ProgramSource extends PipeSource {
    private final ChildProgram program;

    /** Takes ownership of the program and its output. */
    ProgramSource(ChildProgram program, ByteInput in, FrameFormat format) {
        super(in, format);
        this.program = program;
    }

    @Override
    protected final void checkEnd() {
        program.checkEnd();
    }

    @Override
    public final void close() {
        end();
        program.close();
        super.close();
    }
}
