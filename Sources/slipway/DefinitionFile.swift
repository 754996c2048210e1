import Pipelines
import Premises

/// A definition in a file, read, with all there is to say of it.
struct DefinitionFile {
    let definition: Definition?
    let checked: CheckedFile

    init(_ path: String) {
        let name = CheckedFile.shown(path)
        do throws(Input.Failure) {
            self.init(name, try Input.read(path))
        } catch {
            self.init(definition: nil, checked: CheckedFile(name, unreadable: error))
        }
    }

    init(_ name: String, _ bytes: [UInt8]) {
        let reading = Definition.read(bytes, zones: ZoneNames.known)
        let checked = CheckedFile(name, .pipeline, bytes, reading.diagnostics)
        self.init(definition: reading.definition, checked: checked)
    }

    private init(definition: Definition?, checked: CheckedFile) {
        self.definition = definition
        self.checked = checked
    }
}
