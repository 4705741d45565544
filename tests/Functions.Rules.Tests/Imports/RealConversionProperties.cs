using System.Globalization;
using System.Text;
using Chard.Functions.Imports.Rules;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Chard.Functions.Tests.Imports;

public sealed class RealConversionProperties
{
    public static class Generators
    {
        public static Arbitrary<string> Numbers()
        {
            var digits = Gen.ListOf(Gen.Elements([.. "0000123456789"])).Select(d => new string([.. d.Take(14)]));
            return Arb.From(
                from sign in Gen.Elements("", "-", "+")
                from whole in digits
                from fraction in digits
                where whole.Length + fraction.Length > 0
                select $"{sign}{whole}.{fraction}");
        }
    }

    [Property(MaxTest = 3000, Arbitrary = [typeof(Generators)])]
    public void Convert_AnyNumberToReal_KeepsItsValueOrRefusesIt(string number)
    {
        var exact = decimal.Parse(number, CultureInfo.InvariantCulture);
        var digits = exact == 0 ? 0 : $"{Math.Abs(exact):0.##############}".Replace(".", "", StringComparison.Ordinal).Trim('0').Length;

        var fault = CellText.Convert(Encoding.UTF8.GetBytes(number), ColumnType.Real, exact: false, out var cell);

        Assert.Equal(digits > 15 ? CellFault.Lossy : CellFault.None, fault);
        Assert.True(fault != CellFault.None || (decimal)cell.Real == exact, $"{number} became {cell}");
    }
}
