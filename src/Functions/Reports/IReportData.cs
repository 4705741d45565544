using Chard.Functions.Imports.Rules;

namespace Chard.Functions.Reports;

/// <summary>
/// What a report reads of an imported table: aggregates of a bounded size, computed by the database. Names may hold anything. What is
/// written between two calls may show in the second.
/// </summary>
public interface IReportData
{
    /// <summary>The columns in the table's order; empty if there is no such table.</summary>
    Task<IReadOnlyList<TableColumn>> DescribeAsync(string table, CancellationToken cancellationToken);

    /// <summary>Counts the table's rows, and the values of the given columns.</summary>
    /// <returns>The columns' counts in the order asked.</returns>
    Task<TableCounts> CountAsync(string table, IReadOnlyList<string> columns, CancellationToken cancellationToken);

    /// <summary>Where the numbers of a column lie; null if it has none.</summary>
    Task<NumberSummary?> SummarizeAsync(string table, string column, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the numbers between bounds: with n of them there are n + 1 counts, the first of what is below the first bound, the
    /// last of what is not below the last one. A number that equals a bound counts above it.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="column">A column of integers or reals.</param>
    /// <param name="bounds">Ascending, up to 100.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<long>> CountBetweenAsync(
        string table,
        string column,
        IReadOnlyList<double> bounds,
        CancellationToken cancellationToken);

    /// <summary>The most frequent texts of a column, the most frequent first and among equals in the order of their code points.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">A column of text.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<TopValues> TopAsync(string table, string column, int limit, CancellationToken cancellationToken);

    /// <summary>The first and the last day of a date column, in UTC; null if it has no values.</summary>
    Task<DaySpan?> SpanAsync(string table, string column, CancellationToken cancellationToken);

    /// <summary>How many rows fall into each interval, in UTC. Intervals without a row are left out; the order is theirs.</summary>
    Task<IReadOnlyList<DayCount>> CountByAsync(string table, string column, DayInterval interval, CancellationToken cancellationToken);
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds; null for a type that no import makes.</param>
public sealed record TableColumn(string Name, ColumnType? Type);

/// <summary>How much a table holds.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns, as they were asked for.</param>
public sealed record TableCounts(long Rows, IReadOnlyList<ColumnCounts> Columns);

/// <summary>How much a column holds.</summary>
/// <param name="Values">Rows that have a value there.</param>
/// <param name="Distinct">How many different values there are.</param>
public sealed record ColumnCounts(long Values, long Distinct);

/// <summary>Where the numbers of a column lie.</summary>
/// <param name="Lowest">The least of them.</param>
/// <param name="Highest">The greatest.</param>
/// <param name="Mean">Their mean; not finite if their sum is beyond a double.</param>
public sealed record NumberSummary(double Lowest, double Highest, double Mean);

/// <summary>The most frequent texts of a column.</summary>
/// <param name="Values">The texts, cut to <see cref="MaxLength"/> characters.</param>
/// <param name="Count">Rows that have any text there.</param>
/// <param name="Distinct">How many different texts there are.</param>
public sealed record TopValues(IReadOnlyList<TextCount> Values, long Count, long Distinct)
{
    /// <summary>Longest text that is given whole, in code points; of a longer one the start.</summary>
    public const int MaxLength = 200;
}

/// <summary>A text and how often it is there.</summary>
public sealed record TextCount(string Text, long Count);

/// <summary>From a day to a day, both included.</summary>
public sealed record DaySpan(DateOnly First, DateOnly Last);

/// <summary>Rows of an interval.</summary>
/// <param name="First">The interval's first day.</param>
/// <param name="Count">How many.</param>
public sealed record DayCount(DateOnly First, long Count);

/// <summary>By what rows are counted over time.</summary>
public enum DayInterval
{
    /// <summary>By days.</summary>
    Day,

    /// <summary>By months of the calendar.</summary>
    Month,

    /// <summary>By years.</summary>
    Year,
}
