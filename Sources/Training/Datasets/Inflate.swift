import CZlib
import Foundation

/// The container around a deflate stream.
enum DeflateWrapper {
  /// No header, as inside a zip archive.
  case none
  /// A gzip file.
  case gzip

  fileprivate var windowBits: Int32 { self == .none ? -MAX_WBITS : MAX_WBITS + 16 }
}

/// Decompresses a whole deflate stream.
/// - Parameter limit: the largest size accepted, so that a small hostile file cannot fill the memory.
/// - Throws: `DataFailure` for a damaged, truncated or too large stream.
func inflate(_ data: Data, wrapper: DeflateWrapper, limit: Int) throws -> Data {
  var stream = z_stream()
  guard
    inflateInit2_(&stream, wrapper.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { throw DataFailure(reason: "zlib cannot start") }
  defer { inflateEnd(&stream) }
  var input = [UInt8](data)
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  var output = Data()
  try input.withUnsafeMutableBufferPointer { source in
    stream.next_in = source.baseAddress
    stream.avail_in = uInt(source.count)
    while try inflateChunk(&stream, &chunk, into: &output) {
      if output.count > limit { throw DataFailure(reason: "decompresses to more than \(limit) bytes") }
    }
  }
  return output
}

/// Decompresses up to one chunk; false at the end of the stream.
private func inflateChunk(_ stream: inout z_stream, _ chunk: inout [UInt8], into output: inout Data) throws
  -> Bool
{
  try chunk.withUnsafeMutableBufferPointer { buffer in
    stream.next_out = buffer.baseAddress
    stream.avail_out = uInt(buffer.count)
    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
    output.append(contentsOf: buffer.prefix(buffer.count - Int(stream.avail_out)))
    switch status {
    case Z_STREAM_END: return false
    case Z_OK: return true
    case Z_BUF_ERROR: throw DataFailure(reason: "the compressed data is truncated")
    default:
      throw DataFailure(
        reason:
          "the compressed data is damaged (\(stream.msg.map { String(cString: $0) } ?? "zlib \(status)"))")
    }
  }
}
