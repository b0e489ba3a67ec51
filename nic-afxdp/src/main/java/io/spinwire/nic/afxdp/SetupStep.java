package io.spinwire.nic.afxdp;

/** The steps of opening a NIC, in their order, in the words of an error message. */
enum SetupStep {
    FIND_INTERFACE("find the interface"),
    READ_INTERFACE("read the interface's properties"),
    CREATE_MAP("create the XSKMAP"),
    LOAD_FILTER("load the filter program"),
    ATTACH_FILTER("attach the filter program"),
    MAP_UMEM("get memory for frames"),
    OPEN_SOCKET("open an AF_XDP socket"),
    REGISTER_UMEM("register the memory for frames"),
    CREATE_RINGS("create the rings"),
    MAP_RINGS("map the rings"),
    BIND("bind the socket to the queue"),
    ENTER_MAP("enter the socket into the XSKMAP");

    private final String words;

    SetupStep(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
