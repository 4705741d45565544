using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chard.Emulator.Tables.Entities;

/// <summary>The names that the service gives a meaning, and how entities are put into JSON.</summary>
internal static class EntityProperties
{
    public const string PartitionKey = "PartitionKey";
    public const string RowKey = "RowKey";
    public const string Timestamp = "Timestamp";
    public const string ETag = "odata.etag";
    public const string TypeSuffix = "@odata.type";

    /// <summary>Quotes of JSON texts kept in a property cost one byte more, not five: what is written here never lands in HTML.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The names are known to be unique, and the structure to be right: checking it again at every write costs time only.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = Encoder, SkipValidation = true };
}
