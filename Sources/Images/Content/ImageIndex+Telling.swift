extension ImageIndex {
    /// With these in it too; nothing if they all are.
    package func adding(_ tellers: [Descriptor]) -> ImageIndex? {
        let known = Set(manifests.map(\.digest))
        let new = tellers.filter { !known.contains($0.digest) }
        return new.isEmpty ? nil : with(entries + new.map(Entry.init))
    }
}
