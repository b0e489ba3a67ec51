package io.spinwire.bench.rig;

/**
 * One transport in a contest: a server at side a that serves only while it is measured, and a client at side b.
 *
 * @param name as in the results
 * @param setting what is to be known of it besides
 * @param service begins and ends serving
 * @param client asked to measure
 * @param target words of its command that say where to
 */
record Competitor(String name, String setting, Service service, End client, String target) {
    /** A server that takes no time while others are measured. */
    interface Service {
        void begin() throws InterruptedException;

        void end() throws InterruptedException;

        /** What it told of itself at its last end, as {@code name=value} words. */
        default String figures() {
            return "";
        }
    }

    /** A service of an {@link End}. */
    static Service of(End server, String command) {
        return new Service() {
            private String figures = "";

            @Override
            public void begin() throws InterruptedException {
                server.ask(command);
            }

            @Override
            public void end() throws InterruptedException {
                figures = server.ask("figures"); // any command ends a service
            }

            @Override
            public String figures() {
                return figures;
            }
        };
    }
}
