package org.shmrt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** A path becomes part of a text by {@code FileNames.text}: Java's own text of a name that is not UTF-8 names nothing. */
class PathTextTest {
    private static final Path SOURCES = Path.of("src/main/java");

    private final List<String> found = new ArrayList<>();

    @Test
    void shouldNotAppendPathsToTexts() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    this::report,
                    List.of(
                            "--add-modules",
                            "jdk.incubator.vector",
                            "-proc:none",
                            "-cp",
                            System.getProperty("java.class.path")),
                    null,
                    files.getJavaFileObjectsFromPaths(sources()));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            var _ = task.analyze();
            Concatenations scanner = new Concatenations(task);
            units.forEach(unit -> scanner.scan(unit, null));
        }

        assertEquals(List.of(), found, "write FileNames.text(path)");
    }

    /** Without the description of the module, because the tests are on the class path. */
    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            return all.filter(file -> file.toString().endsWith(".java") && !file.endsWith("module-info.java"))
                    .toList();
        }
    }

    private void report(Diagnostic<?> diagnostic) {
        if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
            found.add(diagnostic.toString());
        }
    }

    private final class Concatenations extends TreePathScanner<Void, Void> {
        private final JavacTask task;
        private final Trees trees;
        private final TypeMirror path;

        Concatenations(JavacTask task) {
            this.task = task;
            trees = Trees.instance(task);
            path = task.getElements().getTypeElement(Path.class.getName()).asType();
        }

        @Override
        public Void visitBinary(BinaryTree sum, Void unused) {
            if (sum.getKind() == Tree.Kind.PLUS) {
                check(sum.getLeftOperand());
                check(sum.getRightOperand());
            }
            return super.visitBinary(sum, null);
        }

        private void check(Tree operand) {
            TypeMirror type = trees.getTypeMirror(new TreePath(getCurrentPath(), operand));
            if (type != null
                    && type.getKind() == TypeKind.DECLARED
                    && task.getTypes().isSubtype(type, path)) {
                CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
                long at = trees.getSourcePositions().getStartPosition(unit, operand);
                found.add(
                        unit.getSourceFile().getName() + ":" + unit.getLineMap().getLineNumber(at) + ": " + operand);
            }
        }
    }
}
