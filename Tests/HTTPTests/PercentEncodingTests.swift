import HTTP
import Testing

@Suite("Percent encoding") struct PercentEncodingTests {
    @Test(
        "leaves what means nothing in an address, and writes the rest as bytes",
        arguments: [
            ("aZ09-._~", "aZ09-._~"), ("a b+c", "a%20b%2Bc"), ("/?#&=%", "%2F%3F%23%26%3D%25"),
            ("é\n\u{0}", "%C3%A9%0A%00"), ("", ""),
        ])
    func encoded(text: String, encoded: String) { #expect(text.percentEncoded == encoded) }
}
