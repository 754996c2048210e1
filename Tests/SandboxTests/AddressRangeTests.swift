import Sandbox
import Testing

@Suite("Ranges of addresses") struct AddressRangeTests {
    @Test(
        "are read with or without a length, and hold what begins alike",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3/8", "10.0.0.0/8"), ("10.1.2.3", "10.1.2.3/32"),
            ("255.255.255.255/31", "255.255.255.254/31"), ("1.2.3.4/0", "0.0.0.0/0"),
        ])
    func read(text: String, range: String) {
        #expect(AddressRange(text)?.description == range)
    }

    @Test(
        "are not what looks like one",
        arguments: [
            "", "10", "10.0.0/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
            "::1/64", "10.0.0.256", " 10.0.0.0", "10.0.0.0/8 ",
        ])
    func refused(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `of a host, of clouds and of a profile are blocked, and not the way itself`() throws
    {
        let host = ["10.0.2.3", "192.168.1.5", "10.0.2.15"].compactMap { AddressRange($0) }
        let given = ["10.0.2.2", "172.16.0.0/12"].compactMap { AddressRange($0) }
        let blocked = OutboundAddresses.blocked(ofHost: host, byProfile: given).map(\.description)
        #expect(
            blocked == [
                "0.0.0.0/8", "10.0.2.15/32", "100.100.100.200/32", "127.0.0.0/8",
                "168.63.129.16/32",
                "169.254.0.0/16", "172.16.0.0/12", "192.168.1.5/32", "224.0.0.0/4", "240.0.0.0/4",
            ])
    }
}
