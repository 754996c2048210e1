import Addresses
import Testing

@Suite("Addresses") struct AddressTests {
    @Test(
        "addresses are told apart however they are written",
        arguments: [
            ("127.0.0.1", .loopback), ("127.255.1.2", .loopback), ("::1", .loopback),
            ("0.0.0.0", .loopback), ("0.1.2.3", .loopback), ("::", .loopback),
            ("::ffff:127.0.0.1", .loopback), ("64:ff9b::7f00:1", .loopback),
            ("2002:7f00:1::", .loopback), ("::ffff:0:127.0.0.1", .loopback),
            ("169.254.169.254", .linkLocal), ("168.63.129.16", .linkLocal),
            ("100.100.100.200", .linkLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
            ("::ffff:169.254.169.254", .linkLocal), ("64:ff9b::a9fe:a9fe", .linkLocal),
            ("fd00:ec2::254", .linkLocal),
            ("224.0.0.1", .shared), ("255.255.255.255", .shared), ("ff02::1", .shared),
            ("240.0.0.1", .shared), ("192.0.2.1", .shared), ("2001:db8::1", .shared),
            ("2001::1", .shared), ("::127.0.0.1", .shared),
            ("10.1.2.3", nil), ("172.16.0.1", nil), ("172.32.0.1", nil), ("192.168.1.1", nil),
            ("100.64.0.1", nil), ("fd00:ec2::255", nil), ("::ffff:10.0.0.1", nil),
            ("11.0.0.1", nil), ("9.9.9.9", nil), ("128.0.0.1", nil), ("2a00::1", nil),
            ("64:ff9b::909:909", nil),
        ] as [(String, IPAddress.Place?)])
    func place(text: String, place: IPAddress.Place?) throws {
        #expect(try #require(IPAddress(text)).place == place)
    }

    @Test(
        "what others might take for an address is none",
        arguments: [
            "", "localhost", "127.1", "0177.0.0.1", "2130706433", "0x7f.1", "127.0.0.1 ", "1.2.3",
            "::1%lo", "[::1]", "256.0.0.1",
        ])
    func none(text: String) { #expect(IPAddress(text) == nil) }

    @Test(
        "an address is written as it is read",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("FE80::0:1", "fe80::1"),
        ])
    func words(text: String, written: String) throws {
        #expect(try #require(IPAddress(text)).description == written)
    }

    @Test(
        "a block holds the addresses that begin as it does",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("0.0.0.0/0", "255.1.1.1", true), ("0.0.0.0/0", "::1", false),
            ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
            ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false),
            ("::1/128", "::1", true), ("::/0", "fe80::1", true),
        ])
    func blocks(block: String, address: String, isInside: Bool) throws {
        let block = try #require(AddressBlock(block))
        #expect(block.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(
        "what is no block is refused",
        arguments: ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "a/8", "::/1/2"])
    func noBlock(text: String) { #expect(AddressBlock(text) == nil) }

    @Test func `a policy refuses what is not simply some machine's, unless it is allowed`() {
        let addresses = ["127.0.0.1", "169.254.169.254", "224.0.0.1", "10.0.0.1", "9.9.9.9"]
            .compactMap { IPAddress($0) }
        #expect(
            addresses.map(AddressPolicy().refusal)
                == [.loopback, .linkLocal, .shared, nil, nil])
        #expect(
            addresses.map(AddressPolicy(allowing: [.linkLocal]).refusal)
                == [.loopback, nil, .shared, nil, nil])
        let confined = AddressPolicy.only([.loopback])
        #expect(addresses.count { confined.problem(with: $0) == nil } == 1)
        #expect(addresses.allSatisfy { AddressPolicy.anywhere.refusal(of: $0) == nil })
    }
}
