using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class KeepHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Revisions",
                columns: table => new
                {
                    ObjectId = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Settings = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Revisions", x => new { x.ObjectId, x.Revision });
                });

            // Keys are never used twice: rows of a task that was deleted age out under its own.
            migrationBuilder.Sql("""CREATE TABLE FigureSeries ("Key" INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT NOT NULL UNIQUE)""");
            migrationBuilder.Sql("INSERT INTO FigureSeries (Name) VALUES ('')");
            migrationBuilder.Sql(
                """
                CREATE TABLE Figures (
                    Step INTEGER NOT NULL, Slot INTEGER NOT NULL, Series INTEGER NOT NULL,
                    Seconds INTEGER NOT NULL, Received INTEGER NOT NULL, Confirmed INTEGER NOT NULL, Bytes INTEGER NOT NULL, Open INTEGER NOT NULL,
                    P50 INTEGER, P95 INTEGER, P99 INTEGER,
                    DeadLettered INTEGER NOT NULL, Discarded INTEGER NOT NULL, Expired INTEGER NOT NULL, Abandoned INTEGER NOT NULL,
                    Reconnects INTEGER NOT NULL,
                    PRIMARY KEY (Step, Slot, Series)) WITHOUT ROWID
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE Figures");
            migrationBuilder.Sql("DROP TABLE FigureSeries");
            migrationBuilder.DropTable(
                name: "Revisions");
        }
    }
}
