package org.shmrt.bench.rig;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The packages of the rig depend on each other in one direction only, read from the compiled classes. */
class RigArchitectureTest {
    private static final String RIG = "org.shmrt.bench.rig";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(RIG);

    private static void assertMayImport(String importer, String... imported) {
        List<String> allowed = new ArrayList<>(List.of(RIG + "." + importer));
        for (String name : imported) {
            allowed.add(RIG + "." + name);
        }
        noClasses()
                .that()
                .resideInAPackage(RIG + "." + importer)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(RIG + "..").and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .check(CLASSES);
    }

    @Test
    void shouldDependInOneDirection() {
        assertMayImport("scenario");
        assertMayImport("loop", "scenario");
        assertMayImport("process", "scenario", "loop");
        assertMayImport("report", "scenario", "process");
    }
}
