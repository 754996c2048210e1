package import Engine
package import Pipelines
import SQLite

// What stands on the record itself.
extension Archive {
    /// Up to `limit` records after a sequence, in order.
    package func records(after sequence: Int, limit: Int) throws(StoreError) -> [Record] {
        try RecordReader.bodies(in: database, after: sequence, limit: limit)
            .map { body throws(StoreError) in try Record(decoding: body) }
    }

    /// The number of the last record.
    package func last() throws(StoreError) -> Int {
        try read("read where the record ends") { database throws(DatabaseError) in
            try database.withStatement("SELECT ifnull(max(sequence), 0) FROM record") {
                row throws(DatabaseError) in
                try row.step() ? row.int(0) : 0
            }
        }
    }

    /// The record that an execution began with: it tells all of its revisions and variables.
    package func beginning(
        of number: Int, in pipeline: String
    ) throws(StoreError) -> Record? {
        let place = try read("find an execution") { database throws(DatabaseError) in
            try database.withStatement(
                "SELECT record FROM execution WHERE pipeline = ? AND number = ?"
            ) { row throws(DatabaseError) in
                try row.bind(pipeline, at: 1)
                try row.bind(number, at: 2)
                return try row.step() ? row.int(0) : nil
            }
        }
        return try record(at: place)
    }

    /// A version of a pipeline, however old.
    package func definition(
        _ version: Int, of pipeline: String
    ) throws(StoreError) -> Definition? {
        let place = try read("find a definition") { database throws(DatabaseError) in
            try database.withStatement(
                "SELECT record FROM definition WHERE pipeline = ? AND version = ?"
            ) { row throws(DatabaseError) in
                try row.bind(pipeline, at: 1)
                try row.bind(version, at: 2)
                return try row.step() ? row.int(0) : nil
            }
        }
        guard case .pipelineDefined(let definition, _)? = try record(at: place)?.event else {
            return nil
        }
        return definition
    }

    private func record(at place: Int?) throws(StoreError) -> Record? {
        guard let place, place > 0 else { return nil }
        return try records(after: place - 1, limit: 1).first
    }
}
