package io.spinwire.nic.afxdp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses DRIVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.spinwire.nic.afxdp");

    @Test
    void shouldKnowOnlyTheSeamAndTheWireFormatsOfCore() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.spinwire.nic", "io.spinwire.nic.afxdp", "io.spinwire.wire", "java..", "org.agrona..")
                .check(DRIVER);
    }

    /** The data path's rooms reach native code only through Libc and the rings. */
    @Test
    void shouldMakeDowncallsInOneRoomOnly() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Libc")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(DRIVER);
    }
}
