using System.Text.Json.Serialization;
using Chard.Domain.Json;

namespace Chard.Functions.Reports;

/// <summary>What a section of a report shows.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SectionKind>))]
public enum SectionKind
{
    /// <summary>All columns: type, how many rows have a value, how many different ones there are.</summary>
    Overview,

    /// <summary>How the numbers of a column are spread.</summary>
    Histogram,

    /// <summary>The most frequent values of a text column.</summary>
    Values,

    /// <summary>How many rows fall into each day, month or year of a date column.</summary>
    Timeline,
}
