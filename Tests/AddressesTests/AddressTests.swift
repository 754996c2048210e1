import Addresses
import Testing

@Suite("Addresses") struct AddressTests {
    @Test(
        "an address is of its kind",
        arguments: [
            ("127.0.0.1", .loopback), ("127.255.1.2", .loopback), ("::1", .loopback),
            ("::ffff:127.0.0.1", .loopback), ("64:ff9b::7f00:1", .loopback),
            ("2002:7f00:1::", .loopback), ("::ffff:0:127.0.0.1", .loopback),
            ("169.254.169.254", .linkLocal), ("168.63.129.16", .linkLocal),
            ("100.100.100.200", .linkLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
            ("::ffff:169.254.169.254", .linkLocal),
            ("10.1.2.3", .privateNetwork), ("172.16.0.1", .privateNetwork),
            ("172.31.255.255", .privateNetwork), ("192.168.1.1", .privateNetwork),
            ("100.64.0.1", .privateNetwork), ("fd00:ec2::254", .privateNetwork),
            ("224.0.0.1", .group), ("255.255.255.255", .group), ("ff02::1", .group),
            ("0.0.0.0", .nobody), ("0.1.2.3", .nobody), ("240.0.0.1", .nobody), ("::", .nobody),
            ("192.0.2.1", .nobody), ("2001:db8::1", .nobody), ("2001::1", .nobody),
            ("::127.0.0.1", .nobody),
            ("172.32.0.1", .world), ("11.0.0.1", .world), ("9.9.9.9", .world),
            ("128.0.0.1", .world), ("2a00::1", .world), ("64:ff9b::909:909", .world),
        ] as [(String, IPAddress.Kind)])
    func kind(text: String, kind: IPAddress.Kind) throws {
        #expect(try #require(IPAddress(text)).kind == kind)
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

    @Test func `a policy refuses kinds, but what is allowed by name`() throws {
        let policy = AddressPolicy(
            refusing: AddressPolicy.others.refused, but: [try #require(AddressBlock("127.0.0.2"))])
        let addresses = ["127.0.0.1", "127.0.0.2", "169.254.169.254", "10.0.0.1", "9.9.9.9"]
            .compactMap { IPAddress($0) }
        #expect(addresses.map(policy.allows) == [false, true, false, true, true])
        #expect(addresses.map(AddressPolicy.world.allows) == [false, false, false, false, true])
        #expect(addresses.allSatisfy(AddressPolicy.anywhere.allows))
        #expect(policy.problem(with: addresses[0]) == "127.0.0.1 is this machine itself")
        #expect(policy.problem(with: addresses[1]) == nil)
    }
}
