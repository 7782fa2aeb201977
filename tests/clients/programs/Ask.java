import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;

/** What a program asks of a connection; a JSON object a line tells of each. */
public class Ask {
    interface Thing {
        void run() throws Exception;
    }

    static void attempt(String name, Thing thing) {
        String error = "null";
        try {
            thing.run();
        } catch (Exception raised) {
            String said = String.valueOf(raised.getMessage()).replace("\\", "\\\\").replace("\"", "\\\"");
            error = "\"" + said.replace("\n", " ").replace("\t", " ") + "\"";
        }
        System.out.println("{\"name\": \"" + name + "\", \"error\": " + error + "}");
    }

    static int read(ResultSet rows) throws Exception {
        int count = 0;
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            for (int at = 1; at <= columns; at++) {
                rows.getObject(at);
            }
            count++;
        }
        rows.close();
        return count;
    }

    static void some(ResultSet rows) throws Exception {
        if (read(rows) == 0) {
            throw new Exception("no rows");
        }
    }

    static String env(String name) {
        return System.getenv("VEIL_" + name);
    }

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", env("USER"));
        properties.setProperty("password", env("PASSWORD"));
        properties.setProperty("sslmode", "disable");
        String url = "jdbc:postgresql://" + env("HOST") + ":" + env("PORT") + "/" + env("DATABASE");
        Connection connection = DriverManager.getConnection(url, properties);
        DatabaseMetaData about = connection.getMetaData();
        String schema = "asked";
        attempt("version", () -> about.getDatabaseProductVersion());
        attempt("catalogs", () -> some(about.getCatalogs()));
        attempt("schemas", () -> some(about.getSchemas()));
        attempt("table types", () -> some(about.getTableTypes()));
        attempt("tables", () -> some(about.getTables(null, schema, "%", new String[] {"TABLE", "VIEW"})));
        attempt("columns", () -> some(about.getColumns(null, schema, "%", "%")));
        attempt("primary keys", () -> read(about.getPrimaryKeys(null, schema, "people")));
        attempt("imported keys", () -> read(about.getImportedKeys(null, schema, "orders")));
        attempt("exported keys", () -> read(about.getExportedKeys(null, schema, "people")));
        attempt("index info", () -> read(about.getIndexInfo(null, schema, "people", false, true)));
        attempt("type info", () -> some(about.getTypeInfo()));
        attempt("functions", () -> read(about.getFunctions(null, schema, "%")));
        attempt("procedures", () -> read(about.getProcedures(null, schema, "%")));
        attempt("table privileges", () -> read(about.getTablePrivileges(null, schema, "people")));
        attempt("column privileges", () -> read(about.getColumnPrivileges(null, schema, "people", "%")));
        attempt("best row identifier", () -> read(about.getBestRowIdentifier(null, schema, "people", 0, true)));
        attempt("keywords", () -> about.getSQLKeywords());
        attempt("prepared statement", () -> {
            PreparedStatement statement = connection.prepareStatement("SELECT ?::int + 1, ?::varchar, ?::decimal(10, 2)");
            for (int round = 0; round < 8; round++) {
                statement.setInt(1, round);
                statement.setString(2, "x");
                statement.setBigDecimal(3, new java.math.BigDecimal("1.25"));
                some(statement.executeQuery());
            }
        });
        attempt("batch", () -> {
            PreparedStatement statement = connection.prepareStatement("INSERT INTO asked.people VALUES (?, ?)");
            for (int id = 1; id <= 50; id++) {
                statement.setInt(1, id);
                statement.setString(2, "name " + id);
                statement.addBatch();
            }
            statement.executeBatch();
        });
        attempt("cursor", () -> {
            connection.setAutoCommit(false);
            Statement statement = connection.createStatement();
            statement.setFetchSize(7);
            if (read(statement.executeQuery("SELECT id, name FROM asked.people ORDER BY id")) < 50) {
                throw new Exception("rows are missing");
            }
            connection.rollback();
            connection.setAutoCommit(true);
        });
        attempt("types", () -> some(connection.createStatement().executeQuery(
            "SELECT 1::smallint, 2::bigint, 1.5::real, 2.5::double precision, true, 'x'::char(3), DATE '2024-01-02', "
            + "TIMESTAMP '2024-01-02 03:04:05', TIMESTAMPTZ '2024-01-02 03:04:05+00', '01:02:03'::time, JSON_PARSE('[1]')")));
        attempt("valid", () -> {
            if (!connection.isValid(5)) {
                throw new Exception("not valid");
            }
        });
        connection.close();
    }
}
