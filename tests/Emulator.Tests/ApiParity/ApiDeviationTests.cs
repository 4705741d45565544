using Microsoft.Sample;

namespace Chard.Emulator.Tests.ApiParity
{
    /// <summary>The comparison itself: a faithful listing gives no deviation, and every kind of difference is one.</summary>
    public sealed class ApiDeviationTests
    {
        private static readonly string[] Faithful =
        [
            "T:Microsoft.Sample.Widget<T> [public abstract class; implements System.IDisposable; where T : notnull]",
            "C:protected Microsoft.Sample.Widget<T>(string name)",
            "F:public const int Microsoft.Sample.Widget<T>.Limit = 3",
            "P:public string? Microsoft.Sample.Widget<T>.Label { get; init; }",
            "P:public object Microsoft.Sample.Widget<T>.this[string key] { get; } [System.Obsolete(\"Old.\")]",
            "M:public static bool Microsoft.Sample.Widget<T>.TryFind([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? found)",
            "M:public void Microsoft.Sample.Widget<T>.Dispose()",
            "M:public abstract System.Threading.Tasks.Task<TResult?> Microsoft.Sample.Widget<T>.RunAsync<TResult>(string? input = null, int retries = 2, System.Threading.CancellationToken cancellation = default) where TResult : class",
            "M:public virtual System.Collections.Generic.IReadOnlyList<string?> Microsoft.Sample.Widget<T>.Lines(params string[] parts)",
        ];

        [Fact]
        public void Deviations_FaithfulListing_AreNone() => Assert.Empty(Deviations(Faithful));

        [Theory]
        [InlineData("public abstract class;", "public class;")]
        [InlineData("implements System.IDisposable; ", "")]
        [InlineData("; where T : notnull", "")]
        [InlineData("[public abstract class; ", "[public abstract class; base System.Exception; ")]
        [InlineData("C:protected", "C:public")]
        [InlineData("Limit = 3", "Limit = 4")]
        [InlineData("string? Microsoft.Sample.Widget<T>.Label", "string Microsoft.Sample.Widget<T>.Label")]
        [InlineData("{ get; init; }", "{ get; set; }")]
        [InlineData("{ get; init; }", "{ get; }")]
        [InlineData("this[string key]", "this[string name]")]
        [InlineData("out T? found", "out T found")]
        [InlineData("out T? found", "T? found")]
        [InlineData("public static bool", "public bool")]
        [InlineData("string? input = null", "string? input")]
        [InlineData("string? input", "string input")]
        [InlineData("string? input", "string? text")]
        [InlineData("retries = 2", "retries = 3")]
        [InlineData("Task<TResult?>", "Task<TResult>")]
        [InlineData("Task<TResult?>", "ValueTask<TResult?>")]
        [InlineData(" where TResult : class", "")]
        [InlineData("public abstract System", "public virtual System")]
        [InlineData("IReadOnlyList<string?>", "IReadOnlyList<string>")]
        [InlineData("params string[] parts", "string[] parts")]
        [InlineData("M:public void Microsoft.Sample.Widget<T>.Dispose()", "")]
        public void Deviations_ListingSaysOtherwise_AreReported(string here, string there)
        {
            Assert.Contains(Faithful, line => line.Contains(here, StringComparison.Ordinal));

            var deviations = Deviations([.. Faithful.Select(line => line.Replace(here, there, StringComparison.Ordinal))]);

            Assert.NotEmpty(deviations);
        }

        [Fact]
        public void Deviations_ListingWithoutAnnotations_CompareEverythingElse()
        {
            var listing = new ApiListing();
            listing.Add(Faithful.Select(line => line.Replace("string?", "string", StringComparison.Ordinal).Replace("T?", "T", StringComparison.Ordinal).Replace("TResult?", "TResult", StringComparison.Ordinal)), annotated: false);

            Assert.Empty(listing.Deviations(typeof(Widget<>)));
        }

        [Fact]
        public void TypeOf_EveryFaithfulLine_IsTheType() => Assert.All(Faithful, line => Assert.Equal("Microsoft.Sample.Widget<T>", ApiListing.TypeOf(line)));

        [Fact]
        public void Deviations_UnknownType_IsReported() => Assert.Single(new ApiListing().Deviations(typeof(Widget<>)));

        private static string[] Deviations(string[] lines)
        {
            var listing = new ApiListing();
            listing.Add(lines);
            return [.. listing.Deviations(typeof(Widget<>))];
        }
    }
}

namespace Microsoft.Sample
{
    internal abstract class Widget<T> : IDisposable
        where T : notnull
    {
        public const int Limit = 3;

        protected Widget(string name) => Label = name;

        public string? Label { get; init; }

        [Obsolete("Old.")]
        public object this[string key] => key;

        public static bool TryFind([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? found)
        {
            found = default;
            return false;
        }

        public abstract Task<TResult?> RunAsync<TResult>(string? input = null, int retries = 2, CancellationToken cancellation = default)
            where TResult : class;

        public virtual IReadOnlyList<string?> Lines(params string[] parts) => parts;

        public void Dispose() => GC.SuppressFinalize(this);
    }
}
